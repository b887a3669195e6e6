#include "search/sampling/emission.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/hash.hpp"
#include "inquisitor/teaching/conditioning.hpp"
#include "search/loop/run_search.hpp"
#include "search/store/store.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::sampling {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::Scratch;
using testing::search;
using testing::untrained_job;

json ruled_job(const std::string& strategy = "generative_synthesis") {
  json job = untrained_job(strategy);
  job["constraints"].push_back({{"constraint", "anti_aliased_downsampling"}, {"hard", true}});
  return job;
}

bool feasible(const run::SearchContext& parts, const space::Genotype& genotype) {
  return !parts.assessor.assess(parts.space->build(genotype)).rejected();
}

TEST(Emission, IsTheFirstFeasibleSampleOfEachStream) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const distribution::Generator generator(*parts.space);
  const Emission emission = emit(parts, generator, {8, 40, {}, 50'000}, job.seed);
  ASSERT_EQ(emission.networks.size(), 8u);
  std::set<std::string> hashes;
  int most_tries = 0;
  for (const EmittedNetwork& network : emission.networks) {
    const auto drawn = [&](int index) {
      return generator.sample(derive_seed(network.seed, static_cast<std::uint64_t>(index), "generate"));
    };
    EXPECT_EQ(network.genotype, drawn(network.tries - 1));
    EXPECT_TRUE(feasible(parts, network.genotype));
    for (int earlier = 0; earlier + 1 < network.tries; ++earlier) EXPECT_FALSE(feasible(parts, drawn(earlier)));
    EXPECT_EQ(network.hash, to_string(canonical_hash(parts.space->build(network.genotype))));
    hashes.insert(network.hash);
    most_tries = std::max(most_tries, network.tries);
    EXPECT_FALSE(network.repaired);
  }
  EXPECT_EQ(hashes.size(), 8u);
  EXPECT_GT(most_tries, 1) << "no stream had to try again: the job tests nothing";
  EXPECT_EQ(emission.turned_down.count("anti_aliased_downsampling"), 1u);
}

TEST(Emission, OfLaterSeedsIsTheTailOfThatOfEarlierOnes) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const distribution::Generator generator(*parts.space);
  const Emission all = emit(parts, generator, {6, 1, {}, 50'000}, job.seed);
  const Emission later = emit(parts, generator, {4, all.networks[2].seed, {}, 50'000}, job.seed);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(later.networks[i].genotype, all.networks[i + 2].genotype);
}

TEST(Emission, SkipsRepeatsAndEndsWithItsBudget) {
  json text = ruled_job();
  text["space"] = {{"kind", "nasbench201"}};
  text["constraints"] = json::array();
  const job::Job job = job::job_from_json(text, "job");
  const run::SearchContext parts(job);
  distribution::Generator generator(*parts.space);
  const space::Genotype one = generator.sample(7);
  for (int i = 0; i < 200; ++i) generator.apply(generator.gradient(one, 0.5));  // emits hardly anything else
  const Emission emission = emit(parts, generator, {50, 1, {}, 300}, job.seed);
  EXPECT_LT(emission.networks.size(), 50u);
  EXPECT_GT(emission.repeats, 200);
  EXPECT_EQ(emission.samples, 300);
  std::set<std::string> hashes;
  for (const EmittedNetwork& network : emission.networks) EXPECT_TRUE(hashes.insert(network.hash).second);
}

TEST(Emission, MeetsTheLatencyThatIsAskedFor) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const distribution::Generator generator(*parts.space);
  for (const double asked : {1.5, 4.0}) {
    const EmissionRequest request{5, 1, {asked}, 50'000};
    const Emission emission = emit(parts, generator, request, job.seed);
    ASSERT_EQ(emission.networks.size(), 5u) << asked;
    for (const EmittedNetwork& network : emission.networks) {
      const assessment::Assessment again = parts.assessor.assess(parts.space->build(network.genotype));
      EXPECT_FALSE(again.rejected());
      EXPECT_NEAR(again.metrics.at("latency_ms").value, asked, teaching::kLatencyTolerance * asked);
    }
    const Emission same = emit(parts, generator, request, job.seed);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(same.networks[i].genotype, emission.networks[i].genotype);
  }
}

/// Rules that few samples of a space meet, and latencies inside of what such networks reach.
TEST(Emission, MeetsLatenciesWhereHardlyAnySampleMeetsTheRules) {
  const std::vector<std::pair<json, std::vector<double>>> cases = {
      {{{"kind", "columnar"}, {"px", 32}}, {2.5, 20}},
      {{{"kind", "columnar"}, {"px", 48}, {"max_columns", 2}, {"blocks", {"dc_ac", "residual"}}}, {8, 30}}};
  for (const auto& [space, latencies] : cases) {
    json text = untrained_job("generative_synthesis");
    text["space"] = space;
    text["constraints"] = {{{"constraint", "columnar"}, {"hard", true}},
                           {{"constraint", "no_strided_pointwise"}},
                           {{"constraint", "anti_aliased_downsampling"}, {"hard", true}},
                           {{"constraint", "expression"}, {"expression", "params < 2e6 and macs < 100e6"}}};
    const job::Job job = job::job_from_json(text, "job");
    const run::SearchContext parts(job);
    const distribution::Generator untaught(*parts.space);
    const RawShare raw = raw_share(parts, untaught, 500, 1);
    EXPECT_LT(raw.feasible, 40) << space;
    for (const double asked : latencies) {
      const Emission emission = emit(parts, untaught, {20, 1, {asked}, 2'000}, job.seed);
      ASSERT_EQ(emission.networks.size(), 20U) << space << " " << asked;
      std::set<std::string> hashes;
      for (const EmittedNetwork& network : emission.networks) {
        EXPECT_TRUE(hashes.insert(network.hash).second);
        const assessment::Assessment again = parts.assessor.assess(parts.space->build(network.genotype));
        EXPECT_FALSE(again.rejected());
        EXPECT_NEAR(again.metrics.at("latency_ms").value, asked, teaching::kLatencyTolerance * asked);
      }
      EXPECT_GT(emission.diversity, 0.1) << "near copies";
    }
  }
}

TEST(Emission, TellsTheRangeOfLatenciesThatWasMet) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const distribution::Generator generator(*parts.space);
  const Emission too_fast = emit(parts, generator, {1, 1, {0.01}, 64}, job.seed);
  EXPECT_TRUE(too_fast.networks.empty());
  ASSERT_TRUE(too_fast.latencies.least_ms.has_value());
  EXPECT_GT(*too_fast.latencies.least_ms, 0.011);
  Rng as_taught(derive_seed(job.seed, std::bit_cast<std::uint64_t>(0.01), "condition"));
  const teaching::LatencyWalks walks =
      teaching::walk_to_latency(generator, {*parts.space, parts.assessor, {0.01}}, as_taught);
  EXPECT_LE(*too_fast.latencies.least_ms, *walks.latencies.least_ms);
  EXPECT_GE(*too_fast.latencies.greatest_ms, *walks.latencies.greatest_ms) << "of what teaching looked at too";
  // What is said to be the least is there, and asking for it is answered.
  const double least = *too_fast.latencies.least_ms;
  EXPECT_EQ(emit(parts, generator, {1, 1, {1.1 * least}, 50'000}, job.seed).networks.size(), 1U);
  teaching::LatencyRange sampled;
  Rng rng(1);
  const teaching::LatencyGoal any{*parts.space, parts.assessor, {1.0}};
  for (int i = 0; i < 1'000; ++i) any.standing(parts.space->sample(rng), &sampled);
  EXPECT_LT(least, *sampled.least_ms);
}

TEST(Emission, TellsWhatAnImpossibleRequestFailsBy) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const Emission emission = emit(parts, distribution::Generator(*parts.space), {1, 1, {1e5}, 640}, job.seed);
  EXPECT_TRUE(emission.networks.empty());
  EXPECT_EQ(emission.samples, 640);
  EXPECT_EQ(emission.empty, 10);
  ASSERT_EQ(emission.turned_down.count("latency asked"), 1u);
  EXPECT_GT(emission.turned_down.at("latency asked").closest, 1);
}

TEST(RunGenerator, IsTheOneThatTheRunTaught) {
  const testing::Scratch scratch;
  search(scratch / "run", ruled_job());
  const RunGenerator from(scratch / "run");
  const distribution::Generator untaught(*from.run.context().space);
  EXPECT_NE(from.generator.state(), untaught.state());
  const RawShare before = raw_share(from.run.context(), untaught, 400, 5);
  const RawShare after = raw_share(from.run.context(), from.generator, 400, 5);
  EXPECT_EQ(after.samples, 400);
  EXPECT_LT(before.feasible, 200);
  EXPECT_GT(after.feasible, 360) << "at least 90 % of what a taught generator emits is feasible as it is drawn";
}

TEST(RunGenerator, NamesAStrategyThatHasNone) {
  const testing::Scratch scratch;
  search(scratch / "run", ruled_job("random"));
  try {
    const RunGenerator from(scratch / "run");
    FAIL() << "a random search has no generator";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("strategy 'random' has no generator"));
  }
}

}  // namespace
}  // namespace gensynth::sampling
