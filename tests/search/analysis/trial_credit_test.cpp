#include "search/analysis/trial_credit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "architecture/base/error.hpp"
#include "inquisitor/inquisitor.hpp"
#include "search/report/runs/credit_json.hpp"
#include "search/store/memory/memory_store.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using nlohmann::json;
using report::runs::credit_json;
using ::testing::HasSubstr;

/// A run in the space of NAS-Bench-201 whose trials scored 60 %, or 80 % where the last edge is a convolution of 3x3.
class TrialCreditTest : public ::testing::Test {
 protected:
  static json job_text() {
    json text = testing::untrained_job();
    text["space"] = {{"kind", "nasbench201"}};
    text["constraints"] = json::array();
    text["objective"] = {{"accuracy", "proxy_top1"}, {"beta", 0}, {"delta", 0}};
    text["proxy"] = {{"images", 100}};
    return text;
  }

  void evaluate(int count) {
    std::vector<trial::Trial> trials;
    Rng rng(5);
    for (int i = 1; i <= count; ++i) {
      trial::Trial trial;
      trial.id = trial.ordinal = i;
      trial.genotype = parts.space->sample(rng);
      trial.state = trial::TrialState::scored;
      trial.feasible = true;
      constraints::Verdict told;  // by a plugin
      told.constraint = "quota";
      told.measured = trial.genotype.front();
      told.bound = 2;
      told.satisfied = trial.genotype.front() <= 2;
      told.violation = told.satisfied ? 0 : told.measured - told.bound;
      trial.verdicts.push_back(told);
      const double accuracy = trial.genotype.back() == 3 ? 80 : 60;
      trial.metrics.set("proxy_top1", Quantity::measured(accuracy, "%", "test"));
      trial.u = 40 * std::log10(accuracy);
      trials.push_back(std::move(trial));
    }
    trial::Trial rejected;  // rejections without training add no observation
    rejected.id = count + 1;
    rejected.genotype = space::Genotype(6, 3);
    rejected.state = trial::TrialState::rejected;
    trials.push_back(std::move(rejected));
    store->add(trials, {});
  }

  testing::Scratch scratch;
  job::Job job = job::job_from_json(job_text(), "job");
  run::RunFolder run{scratch / "run"};
  std::unique_ptr<store::Store> store = std::make_unique<store::memory::MemoryStore>();
  run::SearchContext parts{job};
};

TEST_F(TrialCreditTest, LearnsFromTheEvaluatedTrialsOfTheStore) {
  evaluate(60);
  const trial::Trial rejected = *store->get(61);
  const TrialCredit found = credit_trial(parts, *store, rejected);
  EXPECT_EQ(found.observed, 60);
  EXPECT_EQ(found.credit.basis, explanation::CreditBasis::believed);
  const double worth = 40 * std::log10(80.0 / 60.0);
  EXPECT_NEAR(found.credit.decisions.back().credit->u, worth, 0.3 * worth);
  EXPECT_EQ(credit_json(found), credit_json(credit_trial(parts, *store, rejected)));
}

TEST_F(TrialCreditTest, PredictsMeasuredConstraints) {
  evaluate(60);
  const trial::Trial trial = *store->get(1);
  const json text = json::parse(credit_json(credit_trial(parts, *store, trial)).dump());
  ASSERT_EQ(text.at("measured_constraints").size(), 1U);
  const json& quota = text.at("measured_constraints")[0];
  EXPECT_EQ(quota.at("constraint"), "quota");
  EXPECT_EQ(quota.at("evaluated"), 60);
  const bool meets = trial.genotype.front() <= 2;
  EXPECT_EQ(quota.at("probability").get<double>() > 0.5, meets);
  EXPECT_EQ(quota.at("relative_excess").get<double>() <= 0, meets);
  EXPECT_EQ(text.at("decisions")[0].at("feasibility").get<double>() > 0.1, meets);
}

TEST_F(TrialCreditTest, SaysWhenTooFewAreKnown) {
  evaluate(static_cast<int>(surrogate::kMinAccuracyObservations) - 1);
  const TrialCredit found = credit_trial(parts, *store, *store->get(1));
  const json text = json::parse(credit_json(found).dump());
  EXPECT_EQ(text.at("basis"), "unknown");
  EXPECT_EQ(text.at("observed"), surrogate::kMinAccuracyObservations - 1);
  EXPECT_EQ(text.at("needed"), surrogate::kMinAccuracyObservations);
  EXPECT_TRUE(text.at("u").is_null());
  ASSERT_EQ(text.at("decisions").size(), 6U);
  EXPECT_TRUE(text.at("decisions")[0].at("credit").is_null());
}

TEST_F(TrialCreditTest, JsonNamesDecisionsAnswersAndAlternatives) {
  evaluate(20);
  const trial::Trial trial = *store->get(1);
  const json text = json::parse(credit_json(credit_trial(parts, *store, trial)).dump());
  const json& last = text.at("decisions")[5];
  EXPECT_EQ(last.at("decision"), "edge2-3");
  const space::Decision decision = parts.space->decisions(trial.genotype)[5];
  EXPECT_EQ(last.at("answer"), parts.space->label(decision, trial.genotype[5]));
  ASSERT_EQ(last.at("alternatives").size(), 4U);
  for (const json& alternative : last.at("alternatives")) {
    EXPECT_NE(alternative.at("answer"), last.at("answer"));
    for (const char* key : {"credit", "deviation", "accuracy_part"}) EXPECT_TRUE(alternative.at(key).is_number());
    EXPECT_EQ(alternative.at("feasible"), true);
  }
}

TEST_F(TrialCreditTest, ReadsTheProbeOfTheNetworkThatWasProbed) {
  evaluate(1);
  const trial::Trial trial = *store->get(1);
  EXPECT_FALSE(probed_vertices(run, job, parts, trial));
  const Architecture network = parts.space->build(trial.genotype);
  probe::ProbeResult probe;
  for (int v = 0; v < network.size(); ++v) {
    probe::VertexResponse response;
    response.vertex = v;
    response.saliency = v == network.output() ? 1e-9 : 1;
    probe.responses.push_back(response);
  }
  std::filesystem::create_directories(run.path + "/probes");
  const std::string file = run.path + "/probes/trial-1.json";
  std::ofstream(file) << to_json(probe).dump();
  const std::optional<ProbedVertices> found = probed_vertices(run, job, parts, trial);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->network.shape(found->network.output()).elements(), job.data.classes);
  EXPECT_EQ(found->vertices.front().vertex, network.output()) << "the least responsive comes first";
  const json text = json::parse(report::runs::vertices_json(*found).dump());
  EXPECT_EQ(text[0].at("vertex"), network[network.output()].id);
  EXPECT_EQ(text[0].at("idle"), true);
  std::ofstream(file) << "{";
  try {
    (void)probed_vertices(run, job, parts, trial);
    FAIL() << "a damaged file was read";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("trial-1.json"));
  }
}

}  // namespace
}  // namespace gensynth::analysis
