#include "search/strategy/strategy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <nlohmann/json.hpp>
#include <set>

#include "constraints/registry.hpp"
#include "generator/make_space.hpp"
#include "search/strategy/kinds.hpp"

namespace gensynth::strategy {
namespace {

using nlohmann::json;

/// Evaluates by a made-up accuracy; the same for every strategy. What it calls infeasible or failed comes up in every
/// search.
class Bench {
 public:
  explicit Bench(double delta = 0.5) : space_(generator::make_space({{"kind", "nasbench201"}}, "test", "")) {
    performance_.delta = delta;
  }
  StrategyContext context() const { return {*space_, assessor_, performance_}; }
  const space::SearchSpace& space() const { return *space_; }

  trial::Trial evaluate(const space::Genotype& genotype, std::int64_t id) const {
    trial::Trial trial;
    trial.id = trial.ordinal = id;
    trial.genotype = genotype;
    trial.state = trial::TrialState::scored;
    double accuracy = 30;
    for (const int answer : genotype) accuracy += 3 * answer;
    trial.metrics.set("top1", Quantity::exact(accuracy, "%"));
    const assessment::Assessment assessment = assessor_.assess(space_->build(genotype));
    trial.metrics.set("latency_ms", Quantity::exact(*assessment.metrics.value("latency_ms"), "ms"));
    trial.u = performance_.score(assessment.metrics, {}, accuracy);
    trial.feasible = true;
    constraints::Verdict told;  // by a plugin
    told.constraint = "plugin";
    told.measured = genotype[3];
    told.bound = 3;
    told.satisfied = genotype[3] <= 3;
    told.violation = told.satisfied ? 0 : 1;
    told.hard = false;
    trial.verdicts = {told};
    if (genotype[0] == 2 && genotype[1] == 1) {
      trial.feasible = false;
      trial.u.reset();
      trial.state = genotype[2] == 0 ? trial::TrialState::failed : trial::TrialState::rejected;
      if (trial.state == trial::TrialState::failed) trial.metrics = {};
    }
    return trial;
  }

  std::vector<space::Genotype> go_on(Strategy& strategy, Rng& rng, std::int64_t from, int count) const {
    std::vector<space::Genotype> proposed;
    for (int i = 0; i < count; ++i) {
      proposed.push_back(strategy.propose(rng).genotype);
      strategy.observe(evaluate(proposed.back(), from + i));
    }
    return proposed;
  }

 private:
  std::unique_ptr<space::SearchSpace> space_;
  constraints::ConstraintSet rules_;
  latency::LatencyModel latency_{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy_;
  assessment::StructuralAssessor assessor_{rules_, latency_, accuracy_};
  assessment::UniversalPerformance performance_;
};

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
    return make_strategy(options, bench.context(), "test", "/strategy");
  }
  Bench bench;
};

/// Proposals and trials one after the other, as many trials out as a window has room for; at a cut, what is known is
/// what a store would hold: the state, the trials observed and those under way.
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

/// Those that model what they saw.
class EveryModellingStrategy : public EveryStrategy {};

TEST_P(EveryModellingStrategy, ProposesNothingTwiceAndFindsWhatIsBetter) {
  const auto strategy = make_strategy({{"kind", GetParam()}}, bench.context(), "test", "");
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

TEST_P(EveryModellingStrategy, PrefersATrialThatItObserved) {
  const auto strategy = make();
  Rng rng(2);
  EXPECT_FALSE(strategy->preferred()) << "nothing is known yet";
  (void)bench.go_on(*strategy, rng, 1, 14);
  ASSERT_TRUE(strategy->preferred());
  EXPECT_GE(*strategy->preferred(), 1);
  EXPECT_LE(*strategy->preferred(), 14);
}

TEST_P(EveryModellingStrategy, LearnsNothingFromATrialToldTwice) {
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
  const Bench bench;
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
  const auto proposals = [](const Bench& bench, double share) {
    const json options = {{"kind", "generative_synthesis"}, {"explore", 7}, {"front_share", share}};
    const auto strategy = make_strategy(options, bench.context(), "test", "");
    Rng rng(4);
    return bench.go_on(*strategy, rng, 1, 16);
  };
  const Bench weighs, ignores(0);
  EXPECT_NE(proposals(weighs, 1), proposals(weighs, 0));
  EXPECT_EQ(proposals(ignores, 1), proposals(ignores, 0));
  const auto quarter = proposals(weighs, 0.25), none = proposals(weighs, 0);
  EXPECT_TRUE(std::equal(none.begin(), none.begin() + 7, quarter.begin())) << "the eighth is the first for the front";
  EXPECT_NE(quarter[7], none[7]);
}

TEST(ObservationOf, TellsTheMarginsOfWhatOnlyTheEvaluationTold) {
  constraints::ConstraintRegistry registry;
  const constraints::ConstraintSet built_in =
      registry.create_all({{{"constraint", "max_params"}, {"bound", 1000}},
                           {{"constraint", "expression"}, {"label", "floor"}, {"expression", "proxy_top1 > 40"}}},
                          "test", "");
  trial::Trial trial;
  trial.id = 7;
  for (const char* name : {"max_params", "floor", "plugin"}) {
    constraints::Verdict verdict;
    verdict.constraint = name;
    verdict.satisfied = false;
    verdict.bound = 40;
    verdict.violation = 10;
    trial.verdicts.push_back(verdict);
  }
  const teaching::Observation seen = observation_of(trial, assessment::UniversalPerformance{}, built_in);
  EXPECT_EQ(seen.trial, 7);
  ASSERT_EQ(seen.margins.size(), 2U) << "parameters are counted before anything is evaluated";
  EXPECT_EQ(seen.margins[0].constraint, "floor");
  EXPECT_EQ(seen.margins[1].constraint, "plugin");
  EXPECT_DOUBLE_EQ(seen.margins[1].excess, 0.25);
}

TEST(ByFrontGain, TakesWhatAddsToTheFrontBestLast) {
  const Bench bench;
  teaching::Inquisitor inquisitor(bench.space(), bench.context().assessor, bench.context().performance);
  std::vector<teaching::CandidatePrediction> beliefs(5);
  for (int i = 0; i < 5; ++i) {
    beliefs[static_cast<std::size_t>(i)].genotype = {0, 0, 0, 0, 0, i};
    beliefs[static_cast<std::size_t>(i)].expected_hypervolume_improvement =
        std::array<double, 5>{3, 0, 9, 5, 7}[static_cast<std::size_t>(i)];
  }
  teaching::Observation seen;
  seen.genotype = beliefs[2].genotype;
  inquisitor.observe(seen);
  const std::vector<space::Genotype> expected = {beliefs[3].genotype, beliefs[4].genotype};
  EXPECT_EQ(by_front_gain(beliefs, inquisitor, 2), expected);
  EXPECT_EQ(by_front_gain(beliefs, inquisitor, 9).size(), 3U);
}

TEST(RegularizedEvolution, ForgetsTheOldestEvenWhenItIsTheBest) {
  const Bench bench;
  const auto strategy = make_regularized_evolution(bench.context(), {3, 50, 1});
  const auto tell = [&](std::int64_t id, double u) {
    trial::Trial trial = bench.evaluate({0, 0, 0, 0, 0, 0}, id);
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
  const space::Genotype start = strategy->propose(rng).genotype;
  strategy->observe(bench.evaluate(start, 1));
  const auto neighbours = bench.space().neighbours(start);
  for (int i = 0; i < 5; ++i) {
    const Proposal proposal = strategy->propose(rng);
    EXPECT_EQ(proposal.parents, std::vector<std::int64_t>{1});
    EXPECT_NE(std::find(neighbours.begin(), neighbours.end(), proposal.genotype), neighbours.end());
  }
}

TEST(LocalSearch, HearsOfTheLastNeighboursBeforeItLeavesThem) {
  const Bench bench;
  const auto tell = [&](Strategy& strategy, const Proposal& proposal, std::int64_t id, double u) {
    trial::Trial trial = bench.evaluate(proposal.genotype, id);
    trial.parents = proposal.parents;
    trial.feasible = true;
    trial.u = u;
    strategy.observe(trial);
  };
  /// A descent at trial 1 with a U of 50 whose neighbours are all out, and a new start that is out too.
  struct Scene {
    std::unique_ptr<Strategy> strategy;
    Rng rng{3};
    std::vector<Proposal> neighbours;
    Proposal start;
    space::Genotype first;
  };
  const auto scene = [&] {
    Scene s;
    s.strategy = make_local_search(bench.context());
    const Proposal first = s.strategy->propose(s.rng);
    s.first = first.genotype;
    tell(*s.strategy, first, 1, 50);
    for (std::size_t i = bench.space().neighbours(first.genotype).size(); i > 0; --i) {
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
