#include "search/sampling/run_generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/loop/run_search.hpp"
#include "search/sampling/sampling.hpp"
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

std::int64_t stored_trials(const std::string& folder) {
  const run::Run run = run::Run::open(folder, run::RunMode::read);
  return json::parse(run.store().value(kGeneratorValue).value()).at("trials").get<std::int64_t>();
}

TEST(RunGenerator, EmitsFeasibleNetworksAboutAsGoodAsTheBest) {
  const Scratch scratch;
  const loop::SearchOutcome outcome = search(scratch / "run", ruled_job());
  const RunGenerator from(scratch / "run");
  const distribution::Generator untaught(*from.run.context().space);
  EXPECT_NE(from.explorer.state(), untaught.state());
  const RawFeasibility before = raw_feasibility(from.run.context(), untaught, 400, 5);
  const RawFeasibility after = raw_feasibility(from.run.context(), from.generator, 400, 5);
  EXPECT_LT(before.feasible, 200);
  EXPECT_GE(after.feasible, 392) << "98 % of what the generator emits is feasible as it is drawn";
  const SamplingResult emitted = sample_networks(from.run.context(), from.generator, {40, 1, {}, 50'000});
  ASSERT_EQ(emitted.networks.size(), 40U);
  std::vector<double> u;
  for (const SampledNetwork& network : emitted.networks) u.push_back(network.u.value());
  std::sort(u.begin(), u.end());
  EXPECT_GT(u[20], *outcome.best->u - 1) << "dB";
}

TEST(RunGenerator, IsTaughtOnceWithAllTrialsAndStored) {
  const Scratch scratch;
  const std::string folder = scratch / "run";
  search(folder, ruled_job());
  const json taught_now = RunGenerator(folder).generator.state();
  {
    run::Run run = run::Run::open(folder, run::RunMode::resume);
    store_generator(run);
  }
  EXPECT_EQ(stored_trials(folder), 12);
  EXPECT_EQ(RunGenerator(folder).generator.state(), taught_now) << "stored or not, it is the same";
  {
    run::Run run = run::Run::open(folder, run::RunMode::resume);
    run.raise_trials(16);
    (void)loop::run_search(run, {}, {});
  }
  EXPECT_EQ(stored_trials(folder), 12);
  EXPECT_NE(RunGenerator(folder).generator.state(), taught_now) << "a stored one that lacks trials is not used";
}

TEST(RunGenerator, TeachingItDoesNotChangeHowTheSearchGoesOn) {
  const Scratch scratch;
  const auto genotypes = [&](const std::string& folder) {
    const run::Run run = run::Run::open(folder, run::RunMode::read);
    std::vector<space::Genotype> result;
    for (const trial::Trial& trial : run.store().list()) result.push_back(trial.genotype);
    return result;
  };
  const auto go_on = [&](const std::string& folder) {
    run::Run run = run::Run::open(folder, run::RunMode::resume);
    run.raise_trials(18);
    (void)loop::run_search(run, {}, {});
  };
  json whole = ruled_job();
  whole["budget"]["trials"] = 18;
  search(scratch / "whole", whole);
  search(scratch / "cut", ruled_job());
  {
    run::Run run = run::Run::open(scratch / "cut", run::RunMode::resume);
    store_generator(run);
  }
  go_on(scratch / "cut");
  EXPECT_EQ(genotypes(scratch / "cut"), genotypes(scratch / "whole"));
}

TEST(RunGenerator, NamesAStrategyThatHasNone) {
  const Scratch scratch;
  search(scratch / "run", ruled_job("random"));
  {
    run::Run run = run::Run::open(scratch / "run", run::RunMode::resume);
    store_generator(run);
    EXPECT_FALSE(run.store().value(kGeneratorValue));
  }
  try {
    const RunGenerator from(scratch / "run");
    FAIL() << "a random search has no generator";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("strategy 'random' has no generator"));
  }
}

}  // namespace
}  // namespace gensynth::sampling
