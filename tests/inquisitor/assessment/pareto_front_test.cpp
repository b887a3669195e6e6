#include "inquisitor/assessment/pareto_front.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "architecture/base/random.hpp"

namespace gensynth::assessment {
namespace {

TEST(ParetoFront, AreaOfAStaircase) {
  ParetoFront front;
  EXPECT_EQ(front.hypervolume(10, 0), 0);
  front.add(2, 5);
  EXPECT_DOUBLE_EQ(front.hypervolume(10, 1), 8 * 4);
  front.add(6, 9);
  EXPECT_DOUBLE_EQ(front.hypervolume(10, 1), 4 * 4 + 4 * 8);
  front.add(7, 9);  // dominated
  front.add(2, 4);
  EXPECT_EQ(front.size(), 2U);
  front.add(1, 9);  // dominates both
  EXPECT_EQ(front.size(), 1U);
  EXPECT_DOUBLE_EQ(front.hypervolume(10, 1), 9 * 8);
}

TEST(ParetoFront, PointsBeyondTheReferenceAddNothing) {
  ParetoFront front;
  front.add(12, 50);
  front.add(3, 1);
  EXPECT_EQ(front.hypervolume(10, 2), 0);
}

TEST(ParetoFront, AgreesWithCountingPointsWhateverTheOrder) {
  Rng rng(4);
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::vector<std::pair<int, int>> points;
    ParetoFront front, reversed;
    for (int i = 0; i < 30; ++i) points.emplace_back(below(rng, 40), below(rng, 40));
    for (const auto& [latency, accuracy] : points) front.add(latency, accuracy);
    for (auto p = points.rbegin(); p != points.rend(); ++p) reversed.add(p->first, p->second);
    int cells = 0;
    for (int x = 0; x < 35; ++x) {
      for (int y = 5; y < 40; ++y) {
        cells += std::any_of(points.begin(), points.end(), [&](const auto& p) { return p.first <= x && p.second > y; });
      }
    }
    EXPECT_DOUBLE_EQ(front.hypervolume(35, 5), cells);
    EXPECT_DOUBLE_EQ(reversed.hypervolume(35, 5), cells);
  }
}

TEST(ParetoFront, ExpectedGainOfACertainPointIsItsGain) {
  Rng rng(5);
  for (int repeat = 0; repeat < 200; ++repeat) {
    ParetoFront front;
    for (int i = repeat % 6; i > 0; --i) front.add(below(rng, 30), below(rng, 30));
    const double latency = below(rng, 36), accuracy = below(rng, 32);
    const double gain = front.expected_hypervolume_improvement(latency, accuracy, 0, 32, 3);
    const double before = front.hypervolume(32, 3);
    front.add(latency, accuracy);
    EXPECT_NEAR(gain, front.hypervolume(32, 3) - before, 1e-9) << repeat;
  }
}

TEST(ParetoFront, ExpectedGainIsTheMeanOverWhatMayCome) {
  ParetoFront front;
  for (const auto& [latency, accuracy] : {std::pair{2, 10}, {5, 14}, {9, 20}}) front.add(latency, accuracy);
  Rng rng(6);
  double mean = 0;
  const int draws = 20'000;
  for (int i = 0; i < draws; ++i) {
    ParetoFront with = front;
    with.add(4, 13 + 3 * standard_normal(rng));
    mean += (with.hypervolume(12, 0) - front.hypervolume(12, 0)) / draws;
  }
  EXPECT_NEAR(front.expected_hypervolume_improvement(4, 13, 3, 12, 0), mean, 0.03 * mean);
}

}  // namespace
}  // namespace gensynth::assessment
