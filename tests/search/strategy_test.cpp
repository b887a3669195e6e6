#include "search/strategy/strategy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "constraints/registry.hpp"
#include "search/strategy/kinds.hpp"

namespace gensynth {
namespace {

using nlohmann::json;

/// Evaluates by a made-up accuracy; the same for every strategy.
class Bench {
 public:
  Bench() : space_(make_space({{"kind", "nasbench201"}}, "test", "")) {}
  StrategyContext context() const { return {*space_, assessor_, performance_}; }
  const SearchSpace& space() const { return *space_; }

  Trial evaluate(const Genotype& genotype, std::int64_t id) const {
    Trial trial;
    trial.id = trial.ordinal = id;
    trial.genotype = genotype;
    trial.state = TrialState::scored;
    double accuracy = 30;
    for (const int answer : genotype) accuracy += 3 * answer;
    trial.metrics.set("top1", Quantity::exact(accuracy, "%"));
    trial.u = accuracy;
    trial.feasible = true;
    return trial;
  }

  std::vector<Genotype> go_on(Strategy& strategy, Rng& rng, std::int64_t from, int count) const {
    std::vector<Genotype> proposed;
    for (int i = 0; i < count; ++i) {
      proposed.push_back(strategy.propose(rng).genotype);
      strategy.observe(evaluate(proposed.back(), from + i));
    }
    return proposed;
  }

 private:
  std::unique_ptr<SearchSpace> space_;
  ConstraintSet rules_;
  LatencyModel latency_{LatencyTarget{}};
  AccuracyModel accuracy_;
  StructuralAssessor assessor_{rules_, latency_, accuracy_};
  UniversalPerformance performance_;
};

class EveryStrategy : public ::testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<Strategy> make() const {
    json options = {{"kind", GetParam()}};
    if (options["kind"] == "regularized_evolution") options["population"] = 6;
    if (options["kind"] == "generative_synthesis") {
      options["candidates"] = 8;
      options["explore"] = 3;
      options["teaching"] = {{"rounds", 2}, {"samples", 6}};
    }
    return make_strategy(options, bench.context(), "test", "/strategy");
  }
  Bench bench;
};

TEST_P(EveryStrategy, GoesOnAfterARestoreAsItWouldHave) {
  for (const int before : {0, 5, 14}) {
    const auto whole = make();
    EXPECT_EQ(whole->kind(), GetParam());
    Rng rng(9);
    (void)bench.go_on(*whole, rng, 1, before);
    const auto restored = make();
    restored->restore(json::parse(whole->state().dump()));
    Rng same = rng_from_state(rng_state(rng));
    EXPECT_EQ(bench.go_on(*whole, rng, before + 1, 8), bench.go_on(*restored, same, before + 1, 8)) << before;
    EXPECT_EQ(whole->state(), restored->state());
  }
}

TEST_P(EveryStrategy, ProposesGenotypesOfTheSpaceOnly) {
  const auto strategy = make();
  Rng rng(2);
  for (const Genotype& g : bench.go_on(*strategy, rng, 1, 12)) EXPECT_TRUE(bench.space().contains(g));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryStrategy,
                         ::testing::Values("random", "regularized_evolution", "local_search", "generative_synthesis"));

TEST(RegularizedEvolution, ForgetsTheOldestEvenWhenItIsTheBest) {
  const Bench bench;
  const auto strategy = make_regularized_evolution(bench.context(), {3, 50, 1});
  const auto tell = [&](std::int64_t id, double u) {
    Trial trial = bench.evaluate({0, 0, 0, 0, 0, 0}, id);
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

TEST(LocalSearch, VisitsNeighboursOfTheBest) {
  const Bench bench;
  const auto strategy = make_local_search(bench.context());
  Rng rng(1);
  const Genotype start = strategy->propose(rng).genotype;
  strategy->observe(bench.evaluate(start, 1));
  const auto neighbours = bench.space().neighbours(start);
  for (int i = 0; i < 5; ++i) {
    const Proposal proposal = strategy->propose(rng);
    EXPECT_EQ(proposal.parents, std::vector<std::int64_t>{1});
    EXPECT_NE(std::find(neighbours.begin(), neighbours.end(), proposal.genotype), neighbours.end());
  }
}

TEST(Fitness, OrdersFeasibleThenNearThenFarThenFailed) {
  Trial good;
  good.feasible = true;
  good.u = -50;
  Verdict v;
  v.satisfied = false;
  v.bound = 1;
  v.violation = 0.1;
  Trial near;
  near.state = TrialState::rejected;
  near.verdicts = {v};
  Trial far = near;
  far.verdicts[0].violation = 3;
  Trial failed;
  failed.state = TrialState::failed;
  EXPECT_GT(fitness(good), fitness(near));
  EXPECT_GT(fitness(near), fitness(far));
  EXPECT_GT(fitness(far), fitness(failed));
}

}  // namespace
}  // namespace gensynth
