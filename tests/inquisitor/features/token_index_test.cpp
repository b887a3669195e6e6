#include "inquisitor/features/token_index.hpp"

#include <gtest/gtest.h>

#include "architecture/base/random.hpp"
#include "architecture/refinement.hpp"

namespace gensynth::features {
namespace {

/// Rows of tokens: a few tokens are common and many are rare, and counts are not whole numbers.
std::vector<TokenCounts> random_rows(int count, int kinds, Rng& rng) {
  std::vector<TokenCounts> rows;
  for (int i = 0; i < count; ++i) {
    TokenCounts tokens;
    for (int t = below(rng, 40); t > 0; --t) {
      const int rare = below(rng, kinds);
      const auto kind = static_cast<std::uint64_t>(below(rng, 2) == 0 ? rare : rare % 5);
      tokens.emplace_back(mix(kind, 7), static_cast<float>(1 + below(rng, 4)) / 3);
    }
    rows.push_back(counted(tokens));
  }
  return rows;
}

std::vector<const TokenCounts*> pointers(const std::vector<TokenCounts>& rows) {
  std::vector<const TokenCounts*> result;
  for (const TokenCounts& row : rows) result.push_back(&row);
  return result;
}

/// In single precision, in the order of the candidate's tokens.
float shared_in_order(const TokenCounts& candidate, const TokenCounts& row) {
  float sum = 0;
  for (const auto& [token, count] : candidate) {
    for (const auto& [other, of_row] : row) {
      if (other == token) sum += std::min(count, of_row);
    }
  }
  return sum;
}

TEST(TokenIndex, SharesWhatPairsShareToTheLastBit) {
  Rng rng(5);
  for (const int count : {1, 3, 30, 170}) {
    const std::vector<TokenCounts> rows = random_rows(count, 3'000, rng);
    const TokenIndex index(pointers(rows));
    ASSERT_EQ(index.rows(), rows.size());
    std::vector<float> common;
    for (const std::vector<TokenCounts>& candidates : {rows, random_rows(20, 3'000, rng)}) {
      for (const TokenCounts& candidate : candidates) {
        index.shared_with(candidate, common);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          ASSERT_EQ(common[i], shared_in_order(candidate, rows[i])) << i;
          ASSERT_NEAR(common[i], shared(candidate, rows[i]), 1e-4);
        }
      }
    }
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(index.total_of(i), total(rows[i]));
  }
}

TEST(TokenIndex, ComputesOnlyFromTheFirstRowAsked) {
  Rng rng(6);
  const std::vector<TokenCounts> rows = random_rows(50, 60, rng);
  const TokenIndex index(pointers(rows));
  std::vector<float> common;
  for (std::size_t first = 0; first < rows.size(); ++first) {
    index.shared_with(rows[first], common, first);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(common[i], i < first ? 0 : shared_in_order(rows[first], rows[i]));
    }
  }
}

TEST(TokenIndex, AnEmptyIndexSharesNothing) {
  std::vector<float> common{1, 2};
  TokenIndex().shared_with({{1, 1.0F}}, common);
  EXPECT_TRUE(common.empty());
  const TokenCounts empty;
  TokenIndex({&empty, &empty}).shared_with({{1, 1.0F}}, common);
  EXPECT_EQ(common, std::vector<float>({0, 0}));
}

}  // namespace
}  // namespace gensynth::features
