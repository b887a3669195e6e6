#include "inquisitor/features/token_index.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <bit>

namespace gensynth::features {
namespace {

/// If more than one row in this number has a token, the token gets a dense array, which is faster to add than a list.
constexpr std::size_t kSweptFrom = 8;

using Counts = Eigen::Map<const Eigen::ArrayXf>;
using Sums = Eigen::Map<Eigen::ArrayXf>;

}  // namespace

TokenIndex::TokenIndex(const std::vector<const TokenCounts*>& rows) {
  std::size_t most = 1;
  for (const TokenCounts* row : rows) {
    totals_.push_back(total(*row));
    most += row->size();
  }
  tokens_.resize(std::bit_ceil(2 * std::min(most, std::size_t{1} << 12)));
  std::size_t known = 0;
  for (const TokenCounts* row : rows) {
    for (const auto& [identity, count] : *row) {
      Token& token = tokens_[place_of(identity)];
      token.identity = identity;
      if (token.count++ > 0 || 2 * ++known < tokens_.size()) continue;
      std::vector<Token> fewer(2 * tokens_.size());
      fewer.swap(tokens_);
      for (const Token& moved : fewer) {
        if (moved.count > 0) tokens_[place_of(moved.identity)] = moved;
      }
    }
  }
  std::size_t listed = 0;
  std::size_t swept = 0;
  for (Token& token : tokens_) {
    token.swept = token.count * kSweptFrom >= rows.size();
    std::size_t& end = token.swept ? swept : listed;
    token.begin = static_cast<std::uint32_t>(end);
    if (token.count > 0) end += token.swept ? rows.size() : token.count;
  }
  postings_.resize(listed);
  swept_.resize(swept, 0.0F);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const auto& [identity, count] : *rows[row]) {
      Token& token = tokens_[place_of(identity)];
      if (token.swept) {
        swept_[token.begin + row] = count;
      } else {
        postings_[token.begin++] = {static_cast<std::uint32_t>(row), count};  // moved back below
      }
    }
  }
  for (Token& token : tokens_) {
    if (!token.swept) token.begin -= token.count;
  }
}

std::size_t TokenIndex::place_of(std::uint64_t identity) const {
  const std::size_t mask = tokens_.size() - 1;
  std::size_t place = static_cast<std::size_t>(identity ^ (identity >> 32)) & mask;
  while (tokens_[place].count > 0 && tokens_[place].identity != identity) place = (place + 1) & mask;
  return place;
}

void TokenIndex::shared_with(const TokenCounts& candidate, std::vector<float>& sums, std::size_t first) const {
  sums.assign(rows(), 0.0F);
  if (rows() == 0) return;
  const auto left = static_cast<Eigen::Index>(rows() - first);
  Sums to_add(sums.data() + first, left);
  for (const auto& [identity, count] : candidate) {
    const Token& token = tokens_[place_of(identity)];
    if (token.count == 0) continue;
    if (token.swept) {
      to_add += Counts(swept_.data() + token.begin + first, left).min(count);
      continue;
    }
    const Posting* posting = postings_.data() + token.begin;
    const Posting* end = posting + token.count;
    while (posting != end && posting->row < first) ++posting;
    for (; posting != end; ++posting) sums[posting->row] += std::min(count, posting->count);
  }
}

}  // namespace gensynth::features
