#include "search/sampling/sampling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/hash.hpp"
#include "inquisitor/teaching/conditioning.hpp"
#include "search/store/store.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::sampling {
namespace {

using nlohmann::json;
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

TEST(SamplingResult, IsTheFirstFeasibleSampleOfEachStream) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const distribution::Generator generator(*parts.space);
  const SamplingResult result = sample_networks(parts, generator, {8, 40, {}, 50'000}, job.seed);
  ASSERT_EQ(result.networks.size(), 8u);
  std::set<std::string> hashes;
  int most_tries = 0;
  for (const SampledNetwork& network : result.networks) {
    const auto drawn = [&](int index) {
      return generator.sample(derive_seed(network.seed, static_cast<std::uint64_t>(index), "generate"));
    };
    EXPECT_EQ(network.genotype, drawn(network.attempts - 1));
    EXPECT_TRUE(feasible(parts, network.genotype));
    for (int earlier = 0; earlier + 1 < network.attempts; ++earlier) EXPECT_FALSE(feasible(parts, drawn(earlier)));
    EXPECT_EQ(network.hash, to_string(canonical_hash(parts.space->build(network.genotype))));
    hashes.insert(network.hash);
    most_tries = std::max(most_tries, network.attempts);
    EXPECT_FALSE(network.repaired);
  }
  EXPECT_EQ(hashes.size(), 8u);
  EXPECT_GT(most_tries, 1) << "no stream had to try again: the job tests nothing";
  EXPECT_EQ(result.rejections.count("anti_aliased_downsampling"), 1u);
}

TEST(SamplingResult, LaterSeedsGiveTheTailOfEarlierOnes) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const distribution::Generator generator(*parts.space);
  const SamplingResult all = sample_networks(parts, generator, {6, 1, {}, 50'000}, job.seed);
  const SamplingResult later = sample_networks(parts, generator, {4, all.networks[2].seed, {}, 50'000}, job.seed);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(later.networks[i].genotype, all.networks[i + 2].genotype);
}

TEST(SamplingResult, SkipsRepeatsAndEndsWithItsBudget) {
  json text = ruled_job();
  text["space"] = {{"kind", "nasbench201"}};
  text["constraints"] = json::array();
  const job::Job job = job::job_from_json(text, "job");
  const run::SearchContext parts(job);
  distribution::Generator generator(*parts.space);
  const space::Genotype one = generator.sample(7);
  for (int i = 0; i < 200; ++i) generator.apply(generator.gradient(one, 0.5));  // emits hardly anything else
  const SamplingResult result = sample_networks(parts, generator, {50, 1, {}, 300}, job.seed);
  EXPECT_LT(result.networks.size(), 50u);
  EXPECT_GT(result.repeats, 200);
  EXPECT_EQ(result.samples, 300);
  std::set<std::string> hashes;
  for (const SampledNetwork& network : result.networks) EXPECT_TRUE(hashes.insert(network.hash).second);
}

TEST(SamplingResult, MeetsTheRequestedLatency) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const distribution::Generator generator(*parts.space);
  for (const double asked : {1.5, 4.0}) {
    const SamplingRequest request{5, 1, {asked}, 50'000};
    const SamplingResult result = sample_networks(parts, generator, request, job.seed);
    ASSERT_EQ(result.networks.size(), 5u) << asked;
    for (const SampledNetwork& network : result.networks) {
      const assessment::Assessment again = parts.assessor.assess(parts.space->build(network.genotype));
      EXPECT_FALSE(again.rejected());
      EXPECT_NEAR(again.metrics.at("latency_ms").value, asked, teaching::kLatencyTolerance * asked);
    }
    const SamplingResult same = sample_networks(parts, generator, request, job.seed);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(same.networks[i].genotype, result.networks[i].genotype);
  }
}

/// Constraints that few samples of a space meet, and latencies that such networks can reach.
TEST(SamplingResult, MeetsLatenciesWhereHardlyAnySampleMeetsTheRules) {
  const std::vector<std::pair<json, std::vector<double>>> cases = {
      {{{"kind", "columnar"}, {"px", 32}}, {2.5, 20}},
      {{{"kind", "columnar"}, {"px", 48}, {"max_columns", 2}, {"blocks", {"dc_ac", "residual"}}}, {8, 30}}};
  for (const auto& [space, latencies] : cases) {
    json text = untrained_job("generative_synthesis");
    text["space"] = space;
    text["constraints"] = {{{"constraint", "columnar"}, {"hard", true}, {"min_macs_share", 0.75}},
                           {{"constraint", "no_strided_pointwise"}},
                           {{"constraint", "anti_aliased_downsampling"}, {"hard", true}},
                           {{"constraint", "expression"}, {"expression", "params < 2e6 and macs < 100e6"}}};
    const job::Job job = job::job_from_json(text, "job");
    const run::SearchContext parts(job);
    const distribution::Generator untaught(*parts.space);
    const RawFeasibility raw = raw_feasibility(parts, untaught, 500, 1);
    EXPECT_LT(raw.feasible, 40) << space;
    for (const double asked : latencies) {
      const SamplingResult result = sample_networks(parts, untaught, {20, 1, {asked}, 2'000}, job.seed);
      ASSERT_EQ(result.networks.size(), 20U) << space << " " << asked;
      std::set<std::string> hashes;
      for (const SampledNetwork& network : result.networks) {
        EXPECT_TRUE(hashes.insert(network.hash).second);
        const assessment::Assessment again = parts.assessor.assess(parts.space->build(network.genotype));
        EXPECT_FALSE(again.rejected());
        EXPECT_NEAR(again.metrics.at("latency_ms").value, asked, teaching::kLatencyTolerance * asked);
      }
      EXPECT_GT(result.diversity, 0.1) << "near copies";
    }
  }
}

TEST(SamplingResult, TellsTheRangeOfLatenciesThatWasMet) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const distribution::Generator generator(*parts.space);
  const SamplingResult too_fast = sample_networks(parts, generator, {1, 1, {0.01}, 64}, job.seed);
  EXPECT_TRUE(too_fast.networks.empty());
  ASSERT_TRUE(too_fast.latencies.min_ms.has_value());
  EXPECT_GT(*too_fast.latencies.min_ms, 0.011);
  Rng as_taught(derive_seed(job.seed, std::bit_cast<std::uint64_t>(0.01), "condition"));
  const teaching::LatencySearchResult walks =
      teaching::search_latency(generator, {*parts.space, parts.assessor, {0.01}}, as_taught);
  EXPECT_LE(*too_fast.latencies.min_ms, *walks.latencies.min_ms);
  EXPECT_GE(*too_fast.latencies.max_ms, *walks.latencies.max_ms) << "of what teaching looked at too";
  // The latency that is reported as the lowest can be requested and is met.
  const double least = *too_fast.latencies.min_ms;
  EXPECT_EQ(sample_networks(parts, generator, {1, 1, {1.1 * least}, 50'000}, job.seed).networks.size(), 1U);
  teaching::LatencyRange sampled;
  Rng rng(1);
  const teaching::LatencyGoal any{*parts.space, parts.assessor, {1.0}};
  for (int i = 0; i < 1'000; ++i) any.score(parts.space->sample(rng), &sampled);
  EXPECT_LT(least, *sampled.min_ms);
}

TEST(SamplingResult, ReportsWhyAnImpossibleRequestFails) {
  const job::Job job = job::job_from_json(ruled_job(), "job");
  const run::SearchContext parts(job);
  const SamplingResult result =
      sample_networks(parts, distribution::Generator(*parts.space), {1, 1, {1e5}, 640}, job.seed);
  EXPECT_TRUE(result.networks.empty());
  EXPECT_EQ(result.samples, 640);
  EXPECT_EQ(result.empty, 10);
  ASSERT_EQ(result.rejections.count("requested latency"), 1u);
  EXPECT_GT(result.rejections.at("requested latency").closest, 1);
}

}  // namespace
}  // namespace gensynth::sampling
