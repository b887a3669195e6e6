#include "inquisitor/surrogate/observation_history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace gensynth::surrogate {
namespace {

Observation observation(int gene, std::optional<double> u, bool feasible = true) {
  Observation result;
  result.genotype = {gene, 1};
  result.accuracy = 50;
  result.u = u;
  result.feasible = feasible;
  return result;
}

TEST(ObservationHistory, KnowsTheBestFeasibleU) {
  ObservationHistory history;
  history.add(observation(0, std::nullopt, false));
  EXPECT_FALSE(history.best_u());
  history.add(observation(1, 40));
  history.add(observation(2, 90, false));
  history.add(observation(3, 30));
  EXPECT_EQ(history.best_u(), 40);
  EXPECT_EQ(history.since_best(), 3U) << "the best one itself counts";
  history.add(observation(4, 50));
  EXPECT_EQ(history.best_u(), 50);
  EXPECT_EQ(history.since_best(), 1U);
  EXPECT_EQ(history.best(), (std::vector<std::size_t>{4, 1, 3}));
}

TEST(ObservationHistory, KeepsTheEightBestWithEqualsInTheirOrder) {
  ObservationHistory history;
  for (int i = 0; i < 20; ++i) history.add(observation(i, i % 10));
  EXPECT_EQ(history.best(), (std::vector<std::size_t>{9, 19, 8, 18, 7, 17, 6, 16}));
}

TEST(ObservationHistory, ContainsWhatWasAdded) {
  ObservationHistory history;
  for (int i = 0; i < 100; ++i) history.add(observation(i, 1));
  EXPECT_TRUE(history.contains({99, 1}));
  EXPECT_FALSE(history.contains({100, 1}));
  EXPECT_FALSE(history.contains({1, 99}));
  EXPECT_FALSE(history.contains({99}));
}

TEST(ObservationHistory, TrainsOnObservationsWithAnAccuracyOrAMeasuredConstraint) {
  ObservationHistory history;
  Observation failed = observation(0, std::nullopt, false);
  failed.accuracy.reset();
  history.add(failed);
  history.add(observation(1, 10));
  failed.constraints = {{"plugin", true, 1, 0.2}};
  history.add(failed);
  EXPECT_EQ(history.training_rows().rows, (std::vector<std::size_t>{1, 2}));
}

TEST(ObservationHistory, SelectsTheBestHalfAndOthersEvenly) {
  ObservationHistory history;
  for (int i = 0; i < 2000; ++i) history.add(observation(i, i < 1000 ? i : 0));
  const std::vector<std::size_t> rows = history.training_rows().rows;
  EXPECT_EQ(history.training_rows().base, 800U);
  EXPECT_EQ(rows.size(), 800U);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
  EXPECT_EQ(std::set<std::size_t>(rows.begin(), rows.end()).size(), 800U);
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](std::size_t i) { return i >= 600 && i < 1000; }), 400);
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](std::size_t i) { return i < 600; }), 150)
      << "600 of 1600 others";
}

TEST(ObservationHistory, TheSelectionStaysTheSameForAWhile) {
  ObservationHistory history;
  for (int i = 0; i < 2000; ++i) history.add(observation(i, i % 700));
  const std::vector<std::size_t> selected = history.training_rows().rows;
  for (int i = 2000; i < 2079; ++i) {
    history.add(observation(i, 1000));
    const auto& [rows, base] = history.training_rows();
    ASSERT_EQ(rows.size(), 800U + static_cast<std::size_t>(i - 1999));
    EXPECT_EQ(base, 800U);
    EXPECT_TRUE(std::equal(selected.begin(), selected.end(), rows.begin()));
    EXPECT_EQ(rows.back(), static_cast<std::size_t>(i));
  }
  history.add(observation(2079, 1000));
  EXPECT_EQ(history.training_rows().rows.size(), 800U) << "80 came in: selected anew";
  EXPECT_NE(history.training_rows().rows, selected);
}

}  // namespace
}  // namespace gensynth::surrogate
