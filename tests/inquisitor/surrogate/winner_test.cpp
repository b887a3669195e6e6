#include "inquisitor/surrogate/winner.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/inquisitor/surrogate/synthetic_cells.hpp"

namespace gensynth::surrogate {
namespace {

class WinnerTest : public ::testing::Test {
 protected:
  std::optional<Winner> winner(const ObservationHistory& history) const {
    return select_winner(*cells.space, cells.performance, history);
  }
  SyntheticCells cells;
};

TEST_F(WinnerTest, IsNothingWithoutAFeasibleObservation) {
  ObservationHistory history;
  EXPECT_FALSE(winner(history));
  Observation infeasible = cells.observation({1, 1, 1, 1, 1, 1}, 1);
  infeasible.feasible = false;
  history.add(infeasible);
  EXPECT_FALSE(winner(history));
}

/// Random cells, each trained three times; trainings deviate by 4 % from the true accuracy.
ObservationHistory noisy_trainings(const SyntheticCells& cells, std::uint64_t seed) {
  ObservationHistory history;
  Rng rng(seed);
  std::normal_distribution<double> noise(0, 4);
  for (int i = 0; i < 30; ++i) {
    const space::Genotype cell = cells.space->sample(rng);
    for (int trial = 3 * i; trial < 3 * (i + 1); ++trial) history.add(cells.observation(cell, trial, noise(rng)));
  }
  return history;
}

TEST_F(WinnerTest, IsTrulyBetterThanTheBestMeasuredWhereTrainingIsNoisy) {
  double winners = 0, best_measured = 0;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    const ObservationHistory history = noisy_trainings(cells, seed);
    const std::optional<Winner> found = winner(history);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->best_measured, history.best().front());
    EXPECT_LE(found->expected_u, *history.best_u());
    winners += SyntheticCells::true_accuracy(history.all()[found->observation].genotype);
    best_measured += SyntheticCells::true_accuracy(history.all()[found->best_measured].genotype);
  }
  EXPECT_GT(winners, best_measured);
}

TEST_F(WinnerTest, HasTheHighestUWhereAccuracyIsExact) {
  cells.performance.accuracy = "top1";
  const ObservationHistory history = noisy_trainings(cells, 5);
  const std::optional<Winner> found = winner(history);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->observation, history.best().front());
  EXPECT_EQ(found->best_measured, history.best().front());
  EXPECT_EQ(found->expected_u, *history.best_u());
}

TEST_F(WinnerTest, HasTheHighestUWhileThereAreTooFewObservationsForAModel) {
  ObservationHistory history;
  Rng rng(5);
  for (int i = 1; i <= 5; ++i) history.add(cells.observation(cells.space->sample(rng), i));
  EXPECT_EQ(winner(history)->observation, history.best().front());
  EXPECT_EQ(winner(history)->expected_u, *history.best_u());
}

TEST_F(WinnerTest, DependsOnTheObservationsAlone) {
  const ObservationHistory history = noisy_trainings(cells, 5);
  const Winner once = winner(history).value(), again = winner(history).value();
  EXPECT_EQ(once.observation, again.observation);
  EXPECT_EQ(once.expected_u, again.expected_u);
}

}  // namespace
}  // namespace gensynth::surrogate
