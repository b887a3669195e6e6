#include <gtest/gtest.h>

#include <algorithm>

#include "search/strategy/kinds.hpp"
#include "tests/search/strategy/synthetic_objective.hpp"

namespace gensynth::strategy {
namespace {

TEST(LocalSearch, VisitsNeighboursOfTheBest) {
  const SyntheticObjective objective;
  const auto strategy = make_local_search(objective.context());
  Rng rng(1);
  const space::Genotype start = strategy->propose(rng).genotype;
  strategy->observe(objective.evaluate(start, 1));
  const auto neighbours = objective.space().neighbours(start);
  for (int i = 0; i < 5; ++i) {
    const Proposal proposal = strategy->propose(rng);
    EXPECT_EQ(proposal.parents, std::vector<std::int64_t>{1});
    EXPECT_NE(std::find(neighbours.begin(), neighbours.end(), proposal.genotype), neighbours.end());
  }
}

TEST(LocalSearch, HearsOfTheLastNeighboursBeforeItLeavesThem) {
  const SyntheticObjective objective;
  const auto tell = [&](Strategy& strategy, const Proposal& proposal, std::int64_t id, double u) {
    trial::Trial trial = objective.evaluate(proposal.genotype, id);
    trial.parents = proposal.parents;
    trial.feasible = true;
    trial.u = u;
    strategy.observe(trial);
  };
  /// A descent at trial 1 with a U of 50; all its neighbours and a new start are proposed and not yet observed.
  struct Scene {
    std::unique_ptr<Strategy> strategy;
    Rng rng{3};
    std::vector<Proposal> neighbours;
    Proposal start;
    space::Genotype first;
  };
  const auto scene = [&] {
    Scene s;
    s.strategy = make_local_search(objective.context());
    const Proposal first = s.strategy->propose(s.rng);
    s.first = first.genotype;
    tell(*s.strategy, first, 1, 50);
    for (std::size_t i = objective.space().neighbours(first.genotype).size(); i > 0; --i) {
      s.neighbours.push_back(s.strategy->propose(s.rng));
      EXPECT_EQ(s.neighbours.back().parents, std::vector<std::int64_t>{1});
    }
    s.start = s.strategy->propose(s.rng);
    EXPECT_TRUE(s.start.parents.empty());
    return s;
  };
  Scene worse = scene();
  tell(*worse.strategy, worse.neighbours[0], 2, 40);
  EXPECT_TRUE(worse.strategy->propose(worse.rng).parents.empty()) << "a worse neighbour is nothing to go on from";
  tell(*worse.strategy, worse.start, 90, 30);
  tell(*worse.strategy, worse.neighbours[1], 3, 45);
  EXPECT_EQ(worse.strategy->propose(worse.rng).parents, std::vector<std::int64_t>{90})
      << "the new descent is not led back to the optimum that was left";
  Scene better = scene();
  tell(*better.strategy, better.neighbours[5], 7, 60);
  EXPECT_EQ(better.strategy->propose(better.rng).parents, std::vector<std::int64_t>{7}) << "no optimum after all";
  tell(*better.strategy, better.start, 90, 55);
  EXPECT_EQ(better.strategy->propose(better.rng).parents, std::vector<std::int64_t>{7});
}

}  // namespace
}  // namespace gensynth::strategy
