#include "inquisitor/features/token_counts.hpp"

#include <gtest/gtest.h>

namespace gensynth::features {
namespace {

TEST(TokenCounts, MergesEqualTokensInAscendingOrder) {
  EXPECT_EQ(counted({{7, 1.5F}, {2, 1.0F}, {7, 2.0F}}), (TokenCounts{{2, 1.0F}, {7, 3.5F}}));
  EXPECT_TRUE(counted(TokenCounts{}).empty());
}

TEST(TokenCounts, CountsIdentities) {
  std::vector<std::uint64_t> identities{5, 1, 5, 5, 1};
  EXPECT_EQ(counted(identities), (TokenCounts{{1, 2.0F}, {5, 3.0F}}));
}

TEST(TokenCounts, TotalAndSharedByHand) {
  const TokenCounts a{{1, 2.0F}, {3, 1.0F}, {9, 4.0F}}, b{{1, 1.0F}, {2, 8.0F}, {9, 5.0F}};
  EXPECT_EQ(total(a), 7);
  EXPECT_EQ(shared(a, b), 1 + 4);
  EXPECT_EQ(shared(a, a), total(a));
  EXPECT_EQ(shared(a, {}), 0);
}

}  // namespace
}  // namespace gensynth::features
