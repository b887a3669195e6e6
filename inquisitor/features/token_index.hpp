#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "inquisitor/features/token_counts.hpp"

namespace gensynth::features {

/// Rows of token counts, inverted, to see what a candidate shares with every one of them. A token that few rows have
/// lists those; one that many have holds a count for each row, which is read in one sweep.
class TokenIndex {
 public:
  TokenIndex() = default;
  explicit TokenIndex(const std::vector<const TokenCounts*>& rows);

  std::size_t rows() const { return totals_.size(); }
  double total_of(std::size_t row) const { return totals_[row]; }
  /// By row, the sum of the minima, added up in the order of the candidate's tokens; what is before `first` is not
  /// computed. `sums` is replaced.
  void shared_with(const TokenCounts& candidate, std::vector<float>& sums, std::size_t first = 0) const;

 private:
  /// Of one token: where its rows are listed, or where its counts by row begin.
  struct Token {
    std::uint64_t identity = 0;
    std::uint32_t begin = 0;
    std::uint32_t count = 0;  ///< of rows that have it; 0: an empty place of the table
    bool swept = false;
  };
  struct Posting {
    std::uint32_t row;
    float count;
  };

  std::size_t place_of(std::uint64_t identity) const;

  std::vector<double> totals_;
  std::vector<Token> tokens_;  ///< open addressing: its length is a power of two and more than there are tokens
  std::vector<Posting> postings_;
  std::vector<float> swept_;
};

}  // namespace gensynth::features
