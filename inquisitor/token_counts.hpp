#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gensynth {

/// How often each token occurs: (identity, count), ascending by identity, counts > 0.
using TokenCounts = std::vector<std::pair<std::uint64_t, float>>;

/// Adds up equal tokens.
TokenCounts counted(TokenCounts tokens);
double total(const TokenCounts& counts);
/// Sum of the minima over all tokens.
double shared(const TokenCounts& a, const TokenCounts& b);

/// Rows of token counts, inverted: what a candidate shares with every row takes time for the tokens that they do
/// share, not for those that they might.
class TokenIndex {
 public:
  void add(const TokenCounts& row);
  std::size_t rows() const { return totals_.size(); }
  double total_of(std::size_t row) const { return totals_[row]; }
  /// By row, the sum of the minima.
  std::vector<float> shared_with(const TokenCounts& candidate) const;

 private:
  std::unordered_map<std::uint64_t, std::vector<std::pair<std::uint32_t, float>>> rows_with_;
  std::vector<double> totals_;
};

}  // namespace gensynth
