#include "search/strategy/strategy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <nlohmann/json.hpp>
#include <set>

#include "constraints/registry/registry.hpp"
#include "generator/make_space.hpp"
#include "search/strategy/kinds.hpp"
#include "tests/search/strategy/synthetic_objective.hpp"

namespace gensynth::strategy {
namespace {

using nlohmann::json;

class EveryStrategy : public ::testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<Strategy> make() const {
    json options = {{"kind", GetParam()}};
    if (options["kind"] == "regularized_evolution") options["population"] = 6;
    if (options["kind"] == "bayesian") {
      options["candidates"] = 12;
      options["explore"] = 3;
    }
    if (options["kind"] == "generative_synthesis") {
      options["candidates"] = 8;
      options["explore"] = 3;
      options["teaching"] = {{"rounds", 2}, {"samples", 6}};
    }
    return make_strategy(strategy_spec_from_json(options, "test", "/strategy"), bench.context());
  }
  SyntheticObjective bench;
};

/// Proposals and trials in sequence, with as many unobserved trials as the window allows. At a cut, the data is that of
/// a store: the state, the observed trials and the unobserved ones.
struct Cut {
  json state;
  std::string rng;
  std::vector<trial::Trial> observed;
  std::deque<trial::Trial> out;
};

TEST_P(EveryStrategy, GoesOnAfterACutAnywhereAsItWouldHave) {
  constexpr int kProposals = 30;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Rng chance(seed);
    const auto batch = static_cast<std::size_t>(1 + below(chance, 4));
    const auto step = [&](Strategy& strategy, Rng& rng, Cut& now, std::int64_t id) {
      while (now.out.size() >= batch) {
        strategy.observe(now.out.front());
        now.observed.push_back(now.out.front());
        now.out.pop_front();
      }
      const Proposal proposed = strategy.propose(rng);
      now.out.push_back(bench.evaluate(proposed.genotype, id));
      now.out.back().parents = proposed.parents;
      return proposed.genotype;
    };
    std::vector<Cut> cuts;
    std::vector<space::Genotype> expected;
    const auto whole = make();
    EXPECT_EQ(whole->kind(), GetParam());
    Rng rng(seed);
    Cut now;
    for (int i = 1; i <= kProposals; ++i) {
      expected.push_back(step(*whole, rng, now, i));
      now.state = whole->state();
      now.rng = rng_state(rng);
      cuts.push_back(now);
    }
    for (const int at : {1, 2, 4, 7, 8, 11, 19, 26}) {
      Cut cut = cuts[static_cast<std::size_t>(at - 1)];
      const auto restored = make();
      for (const trial::Trial& trial : cut.observed) restored->observe(trial);
      restored->restore(json::parse(cut.state.dump()));
      EXPECT_EQ(restored->state(), cut.state);
      Rng same = rng_from_state(cut.rng);
      for (int i = at + 1; i <= kProposals; ++i) {
        ASSERT_EQ(step(*restored, same, cut, i), expected[static_cast<std::size_t>(i - 1)])
            << "seed " << seed << ", cut after " << at << ", proposal " << i;
      }
      EXPECT_EQ(restored->state(), cuts.back().state);
    }
  }
}

TEST_P(EveryStrategy, HasAStateThatDoesNotGrowWithTheTrials) {
  const auto strategy = make();
  Rng rng(5);
  (void)bench.go_on(*strategy, rng, 1, 40);
  std::size_t early = 0;
  for (int i = 0; i < 40; ++i) {  // the largest of many: what is ranked or left comes and goes
    (void)bench.go_on(*strategy, rng, 41 + i, 1);
    early = std::max(early, strategy->state().dump().size());
  }
  (void)bench.go_on(*strategy, rng, 81, 160);
  EXPECT_LE(strategy->state().dump().size(), early + early / 4);
}

TEST_P(EveryStrategy, ProposesGenotypesOfTheSpaceOnly) {
  const auto strategy = make();
  Rng rng(2);
  for (const space::Genotype& g : bench.go_on(*strategy, rng, 1, 12)) EXPECT_TRUE(bench.space().contains(g));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryStrategy,
                         ::testing::Values("random", "regularized_evolution", "local_search", "bayesian",
                                           "generative_synthesis"));

/// The strategies that fit a model to their observations.
class EveryModellingStrategy : public EveryStrategy {};

TEST_P(EveryModellingStrategy, ProposesNothingTwiceAndFindsWhatIsBetter) {
  const auto strategy = make_strategy(strategy_spec_from_json({{"kind", GetParam()}}, "test", ""), bench.context());
  Rng rng(4);
  const std::vector<space::Genotype> proposed = bench.go_on(*strategy, rng, 1, 30);
  EXPECT_EQ(std::set<space::Genotype>(proposed.begin() + 8, proposed.end()).size(), 22U);
  const auto best_of = [&](std::size_t from, std::size_t to) {
    double best = 0;
    for (std::size_t i = from; i < to; ++i) best = std::max(best, *bench.evaluate(proposed[i], 1).u);
    return best;
  };
  EXPECT_GT(best_of(8, 30), best_of(0, 8) + 2) << "dB";
}

TEST_P(EveryModellingStrategy, IgnoresATrialObservedTwice) {
  const auto once = make();
  const auto twice = make();
  Rng rng(2);
  Rng same(2);
  for (int i = 1; i <= 10; ++i) {
    const trial::Trial trial = bench.evaluate(once->propose(rng).genotype, i);
    EXPECT_EQ(trial.genotype, twice->propose(same).genotype);
    once->observe(trial);
    twice->observe(trial);
    twice->observe(trial);
  }
  EXPECT_EQ(once->state(), twice->state());
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryModellingStrategy, ::testing::Values("bayesian", "generative_synthesis"));

TEST(GenerativeSynthesis, BeginsNearTheNetworksThatItStartsFrom) {
  const SyntheticObjective bench;
  const space::Genotype prototype{3, 1, 0, 2, 3, 4};
  const auto agreeing = [&](const std::vector<space::Genotype>& start_from) {
    StrategyContext context = bench.context();
    context.start_from = start_from;
    SynthesisOptions options;
    options.explore = 40;  // its own proposals, before it has seen anything
    const auto strategy = make_generative_synthesis(context, options);
    Rng rng(6);
    int agree = 0;
    for (int i = 0; i < 40; ++i) {
      const space::Genotype proposed = strategy->propose(rng).genotype;
      for (std::size_t edge = 0; edge < 6; ++edge) agree += proposed[edge] == prototype[edge] ? 1 : 0;
    }
    return agree;
  };
  EXPECT_LT(agreeing({}), 240 / 3);
  EXPECT_GT(agreeing({prototype}), 240 / 2);
}

TEST(GenerativeSynthesis, PicksForTheFrontOnlyWhereUWeighsLatency) {
  const auto proposals = [](const SyntheticObjective& bench, double share) {
    const json options = {{"kind", "generative_synthesis"}, {"explore", 7}, {"front_share", share}};
    const auto strategy = make_strategy(strategy_spec_from_json(options, "test", ""), bench.context());
    Rng rng(4);
    return bench.go_on(*strategy, rng, 1, 16);
  };
  const SyntheticObjective weighs, ignores(0);
  EXPECT_NE(proposals(weighs, 1), proposals(weighs, 0));
  EXPECT_EQ(proposals(ignores, 1), proposals(ignores, 0));
  const auto quarter = proposals(weighs, 0.25), none = proposals(weighs, 0);
  EXPECT_TRUE(std::equal(none.begin(), none.begin() + 7, quarter.begin())) << "the eighth is the first for the front";
  EXPECT_NE(quarter[7], none[7]);
}

TEST(Fitness, OrdersFeasibleThenNearThenFarThenFailed) {
  trial::Trial good;
  good.feasible = true;
  good.u = -50;
  constraints::Verdict v;
  v.satisfied = false;
  v.bound = 1;
  v.violation = 0.1;
  trial::Trial near;
  near.state = trial::TrialState::rejected;
  near.verdicts = {v};
  trial::Trial far = near;
  far.verdicts[0].violation = 3;
  trial::Trial failed;
  failed.state = trial::TrialState::failed;
  EXPECT_GT(fitness(good), fitness(near));
  EXPECT_GT(fitness(near), fitness(far));
  EXPECT_GT(fitness(far), fitness(failed));
}

}  // namespace
}  // namespace gensynth::strategy
