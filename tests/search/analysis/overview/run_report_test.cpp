#include "search/analysis/overview/run_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "search/analysis/overview/derived_features.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis::overview {
namespace {

RunReport searched(const testing::Scratch& scratch, const nlohmann::json& job, RunReportLimits limits) {
  (void)testing::search(scratch / "run", job);
  return report_run(run::Run::open(scratch / "run", run::RunMode::read), limits);
}

nlohmann::json tight_job() {
  nlohmann::json job = testing::untrained_job();
  job["space"]["max_stages"] = 3;
  job["constraints"][0]["expression"] = "params < 1e6 and latency_ms < 12";
  job["budget"] = {{"trials", 6}, {"proposals", 60}};
  return job;
}

TEST(RunReport, GathersARunOnce) {
  const testing::Scratch scratch;
  const RunReport report = searched(scratch, tight_job(), {8, 3, true, 4});
  EXPECT_EQ(report.name, "run");
  EXPECT_EQ(report.trials.size(), report.proposed.size());
  EXPECT_EQ(report.trials.front().id, 1);
  std::int64_t counted = 0;
  for (const auto& [state, count] : report.counts) counted += count;
  EXPECT_EQ(counted, static_cast<std::int64_t>(report.trials.size()));
  ASSERT_TRUE(report.winner);
  ASSERT_FALSE(report.front.empty());
  EXPECT_TRUE(std::all_of(report.front.begin(), report.front.end(),
                          [&](std::int64_t id) { return report.trials[static_cast<std::size_t>(id - 1)].feasible; }));
  ASSERT_EQ(report.networks.size(), 8U);
  EXPECT_EQ(report.networks.front().trial, report.winner->trial.id) << "the winner's network comes first";
  EXPECT_NEAR(report.networks.front().profile.estimate.ms, report.winner->trial.metrics.at("latency_ms").value, 1e-6);
  EXPECT_EQ(report.networks.front().decisions.size(), report.winner->trial.genotype.size());
  EXPECT_LE(report.features.trials.size(), 4U);
  EXPECT_EQ(report.features.values.size(), report.features.names.size());
  ASSERT_TRUE(report.credit);
  EXPECT_FALSE(report.credit->credit.decisions.empty());
  EXPECT_GT(report.ended, report.started);
  EXPECT_EQ(static_cast<std::int64_t>(report.attempts.size()), report.counts.at(trial::TrialState::scored))
      << "the coordinator evaluates trials without training itself";
  EXPECT_FALSE(report.references.empty());
}

TEST(RunReport, OfARunWithoutAFeasibleTrialHasNoWinner) {
  const testing::Scratch scratch;
  nlohmann::json job = tight_job();
  job["constraints"][0]["expression"] = "params < 1";
  const RunReport report = searched(scratch, job, {2, 1, true, 4});
  EXPECT_FALSE(report.winner);
  EXPECT_FALSE(report.credit);
  EXPECT_TRUE(report.front.empty());
  EXPECT_TRUE(report.near_misses.empty());
  EXPECT_EQ(report.networks.size(), 2U);
}

TEST(NearMisses, AreMendedByTheChangesThatTheyName) {
  const testing::Scratch scratch;
  const RunReport report = searched(scratch, tight_job(), {0, 4, false, 0});
  const run::Run run = run::Run::open(scratch / "run", run::RunMode::read);
  const run::SearchContext& parts = run.context(registry::Plugins::leave);
  ASSERT_FALSE(report.near_misses.empty());
  for (const NearMiss& miss : report.near_misses) {
    const trial::Trial& trial = report.trials[static_cast<std::size_t>(miss.trial - 1)];
    EXPECT_EQ(trial.state, trial::TrialState::rejected);
    EXPECT_FALSE(parts.assessor.feasible(parts.space->build(trial.genotype)));
    const std::vector<space::Genotype> neighbours = parts.space->neighbours(trial.genotype);
    const auto feasible = std::count_if(neighbours.begin(), neighbours.end(), [&](const space::Genotype& neighbour) {
      return parts.assessor.feasible(parts.space->build(neighbour));
    });
    EXPECT_EQ(static_cast<std::ptrdiff_t>(miss.changes.size()), feasible);
    const std::vector<space::Decision> decisions = parts.space->decisions(trial.genotype);
    for (const FeasibleNeighbour& change : miss.changes) {
      EXPECT_NE(change.from, change.to);
      EXPECT_TRUE(std::any_of(decisions.begin(), decisions.end(), [&](const space::Decision& decision) {
        return decision.name == change.decision;
      })) << change.decision;
      EXPECT_TRUE(change.latency_ms);
    }
  }
}

TEST(DerivedFeatures, CountWhatTheNetworkContains) {
  ArchitectureBuilder builder("net", {Layout::map, 3, 32, 32});
  const auto at = [](int column) { return Placement{0, column, 0, Role::none}; };
  const int left = builder.add(Convolution{8, {3, 3}, {1, 1}, {1, 1}}, builder.input(), at(0));
  const int right = builder.add(Convolution{8, {1, 1}}, builder.input(), at(1));
  const int deep = builder.add(Convolution{8, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 8}, left, at(0));
  const int sum = builder.add(Add{}, {deep, right}, at(0));
  const int blur = builder.add(BlurPool{3, 2}, sum, Placement{0, 0, 0, Role::downsample});
  const std::vector<double> values = derived_features(builder.build(builder.add(GlobalPool{}, blur)));
  const std::vector<std::string>& names = derived_feature_names();
  ASSERT_EQ(values.size(), names.size());
  const auto of = [&](const std::string& name) {
    return values[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
  };
  EXPECT_EQ(of("stages"), 1);
  EXPECT_EQ(of("columns (most)"), 2);
  EXPECT_EQ(of("convolutions"), 3);
  EXPECT_EQ(of("depthwise"), 1);
  EXPECT_EQ(of("blur pools"), 1);
  EXPECT_EQ(of("cross-column joins"), 1);
  EXPECT_EQ(of("attention condensers"), 0);
  EXPECT_EQ(of("widest map"), 8);
}

}  // namespace
}  // namespace gensynth::analysis::overview
