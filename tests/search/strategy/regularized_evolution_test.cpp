#include <gtest/gtest.h>

#include "search/strategy/kinds.hpp"
#include "tests/search/strategy/synthetic_objective.hpp"

namespace gensynth::strategy {
namespace {

TEST(RegularizedEvolution, ForgetsTheOldestEvenWhenItIsTheBest) {
  const SyntheticObjective objective;
  const auto strategy = make_regularized_evolution(objective.context(), {3, 50, 1});
  const auto tell = [&](std::int64_t id, double u) {
    trial::Trial trial = objective.evaluate({0, 0, 0, 0, 0, 0}, id);
    trial.u = u;
    strategy->observe(trial);
  };
  tell(1, 100);
  tell(2, 10);
  tell(3, 20);
  Rng rng(1);
  EXPECT_EQ(strategy->propose(rng).parents, std::vector<std::int64_t>{1});
  tell(4, 15);
  EXPECT_EQ(strategy->propose(rng).parents, std::vector<std::int64_t>{3});
}

}  // namespace
}  // namespace gensynth::strategy
