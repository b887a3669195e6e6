#include "search/simulation/interval.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gensynth::simulation {
namespace {

TEST(IntervalOf, IsStudentsT) {
  const Interval interval = interval_of({1, 2, 3, 4, 5});
  EXPECT_DOUBLE_EQ(interval.mean, 3);
  EXPECT_NEAR(interval.half, 2.776 * std::sqrt(2.5 / 5), 0.02) << "4 degrees of freedom";
  EXPECT_EQ(interval_of({7}).mean, 7);
  EXPECT_EQ(interval_of({7}).half, 0);
  EXPECT_EQ(interval_of({}).mean, 0);
}

}  // namespace
}  // namespace gensynth::simulation
