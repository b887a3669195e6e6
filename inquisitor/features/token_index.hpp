#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "inquisitor/features/token_counts.hpp"

namespace gensynth::features {

/// Inverted index over rows of token counts that computes the overlap of a candidate with every row. A rare token lists
/// its rows; a frequent one has a dense array of counts for all rows.
class TokenIndex {
 public:
  TokenIndex() = default;
  explicit TokenIndex(const std::vector<const TokenCounts*>& rows);

  std::size_t rows() const { return totals_.size(); }
  double total_of(std::size_t row) const { return totals_[row]; }
  /// Sum of the minima of the counts by row, added in the order of the candidate's tokens, from row `first` on.
  /// Replaces `sums`; entries before `first` are undefined.
  void shared_with(const TokenCounts& candidate, std::vector<float>& sums, std::size_t first = 0) const;

 private:
  /// One token, with the position of its list of rows or of its counts.
  struct Token {
    std::uint64_t identity = 0;
    std::uint32_t begin = 0;
    std::uint32_t count = 0;  ///< number of rows that have it; 0: an empty slot of the table
    bool swept = false;       ///< has a dense array
  };
  struct Posting {
    std::uint32_t row;
    float count;
  };

  std::size_t place_of(std::uint64_t identity) const;

  std::vector<double> totals_;
  std::vector<Token> tokens_;  ///< hash table with open addressing; its size is a power of two
  std::vector<Posting> postings_;
  std::vector<float> swept_;
};

}  // namespace gensynth::features
