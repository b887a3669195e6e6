#include "runtime/timing/timing.hpp"

#include <gmock/gmock.h>

#include "architecture/base/error.hpp"

namespace gensynth::timing {
namespace {

TEST(Timing, SummarisesByMedianAndDeviation) {
  const TimingSummary odd = summarise({9, 1, 3, 2, 100});
  EXPECT_EQ(odd.runs, 5);
  EXPECT_DOUBLE_EQ(odd.median, 3);
  EXPECT_DOUBLE_EQ(odd.deviation, 2);  // of 2, 1, 0, 6, 97
  EXPECT_DOUBLE_EQ(odd.minimum, 1);
  const TimingSummary even = summarise({4, 1, 2, 3});
  EXPECT_DOUBLE_EQ(even.median, 2.5);
  EXPECT_DOUBLE_EQ(even.deviation, 1);
  EXPECT_THROW(summarise({}), Error);
}

TEST(Timing, LeavesWarmUpRunsOut) {
  int calls = 0;
  const TimingSamples samples = time_repeatedly({.warmup = 3, .repeats = 4, .min_seconds = 0}, [&] { ++calls; });
  EXPECT_EQ(calls, 7);
  EXPECT_EQ(samples.wall_ms.size(), 4U);
  EXPECT_EQ(samples.cpu_ms.size(), 4U);
  EXPECT_THAT(samples.wall_ms, testing::Each(testing::Ge(0)));
}

TEST(Timing, RunsUntilTheMinimumTime) {
  int calls = 0;
  time_repeatedly({.warmup = 0, .repeats = 1, .min_seconds = 0.01}, [&] { ++calls; });
  EXPECT_GT(calls, 1);
}

}  // namespace
}  // namespace gensynth::timing
