#include "inquisitor/surrogate/winner.hpp"

#include <gtest/gtest.h>

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

/// One bad cell is measured 18 % too high, the best of all, among many that are measured exactly.
ObservationHistory with_one_lucky_training(const SyntheticCells& cells) {
  ObservationHistory history;
  Rng rng(5);
  for (int i = 1; i <= 80; ++i) history.add(cells.observation(cells.space->sample(rng), i));
  history.add(cells.observation({1, 1, 2, 1, 2, 1}, 81, 18));
  return history;
}

TEST_F(WinnerTest, IsNotTheLuckyTrainingWhereAccuracyIsMeasured) {
  const ObservationHistory history = with_one_lucky_training(cells);
  const std::optional<Winner> found = winner(history);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->best_measured, 80U);
  EXPECT_NE(found->observation, 80U);
  EXPECT_GT(SyntheticCells::true_accuracy(history.all()[found->observation].genotype), 58);
  EXPECT_LT(found->expected_u, *history.best_u());
}

TEST_F(WinnerTest, HasTheHighestUWhereAccuracyIsExact) {
  cells.performance.accuracy = "top1";
  const ObservationHistory history = with_one_lucky_training(cells);
  const std::optional<Winner> found = winner(history);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->observation, 80U);
  EXPECT_EQ(found->best_measured, 80U);
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
  const ObservationHistory history = with_one_lucky_training(cells);
  const Winner once = winner(history).value(), again = winner(history).value();
  EXPECT_EQ(once.observation, again.observation);
  EXPECT_EQ(once.expected_u, again.expected_u);
}

}  // namespace
}  // namespace gensynth::surrogate
