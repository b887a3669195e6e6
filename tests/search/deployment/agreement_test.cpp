#include "search/deployment/agreement.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "tests/architecture/failure.hpp"

namespace gensynth::deployment {
namespace {

using testing::HasSubstr;

TEST(Agreement, IsRelativeToTheLargestValueOfEachOutput) {
  EXPECT_DOUBLE_EQ(largest_difference({{1, -4}, {100, 0}}, {{1, -4}, {100, 0}}, "X"), 0);
  EXPECT_DOUBLE_EQ(largest_difference({{1, -4}, {100, 0}}, {{2, -4}, {100, 10}}, "X"), 0.25);
}

TEST(Agreement, ANaNIsInfinitelyFar) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isinf(largest_difference({{1, 2}}, {{1, nan}}, "X")));
  EXPECT_TRUE(std::isinf(largest_difference({{nan, nan}}, {{1, 1}}, "X")));
}

TEST(Agreement, RefusesWhatDiffersOrHasAnotherSize) {
  EXPECT_EQ(failure([] { check_agreement({{1, 2}}, {{1, 2}}, "X", "net"); }), "no error");
  EXPECT_THAT(failure([] {
                check_agreement({{1, 2}}, {{1, 2.001F}}, "X", "net");
              }),
              HasSubstr("net: refused: LibTorch and X differ by 0.0005"));
  EXPECT_THAT(failure([] { check_agreement({{1, 2}}, {{1}}, "X", "net"); }), HasSubstr("outputs of different sizes"));
  EXPECT_THAT(failure([] { check_agreement({{1}}, {}, "X", "net"); }), HasSubstr("different numbers of outputs"));
}

TEST(Agreement, OfIntegersIsMeasuredByTheErrorThatTheyHaveAnyway) {
  EXPECT_DOUBLE_EQ(relative_error({{3, 4}}, {{3, 4}}), 0);
  EXPECT_DOUBLE_EQ(relative_error({{3, 4}}, {{3, 4.5F}}), 0.1);
  EXPECT_DOUBLE_EQ(check_integer_agreement({{3, 4}}, {{3, 4.5F}}, {{3, 4.5F}}, "X", "f"), 0);
  EXPECT_GT(check_integer_agreement({{3, 4}}, {{3, 4.5F}}, {{3, 4}}, "X", "f"), 0.05);
  EXPECT_THAT(failure([] {
                check_integer_agreement({{3, 4}}, {{3, 4}}, {{3, 4.5F}}, "X", "f");
              }),
              HasSubstr("f: refused: X and the simulation"));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(failure([&] {
                check_integer_agreement({{3, 4}}, {{3, 4}}, {{3, nan}}, "X", "f");
              }),
              HasSubstr("refused"));
}

}  // namespace
}  // namespace gensynth::deployment
