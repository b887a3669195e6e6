#include "search/worker/evaluation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "architecture/base/file.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/train/trainer.hpp"
#include "search/run/run.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::worker {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

/// One trial of a job that trains a small network for two rungs.
class Evaluation : public ::testing::Test {
 protected:
  static json small_job() {
    json text = testing::untrained_job();
    text["constraints"] = json::array();
    text["objective"]["accuracy"] = "proxy_top1";
    text["data"] = {{"kind", "drawn"}, {"px", 24}, {"classes", 3}, {"images", 30}};
    text["proxy"] = {{"images", 96}, {"rungs", {48, 96}}, {"batch", 16}, {"probe_images", 0}};
    return text;
  }

  Evaluation() {
    libtorch::set_up_torch_process();
    Rng rng(11);
    Architecture smallest = parts.space->build(trial.genotype = parts.space->sample(rng));
    for (int i = 0; i < 40; ++i) {
      space::Genotype genotype = parts.space->sample(rng);
      Architecture other = parts.space->build(genotype);
      if (other.size() >= smallest.size()) continue;
      smallest = std::move(other);
      trial.genotype = std::move(genotype);
    }
    trial.id = trial.ordinal = 1;
    trial.metrics = parts.assessor.assess(smallest).metrics;
  }

  trial::Trial evaluate(const std::vector<double>& prune_below) {
    trial::Trial given = trial;
    given.prune_below = prune_below;
    heard.clear();
    std::filesystem::remove(run.weights(1));
    return evaluate_trial(given, job, parts, &data, run,
                          [&](const trial::Trial& so_far) { heard.push_back(so_far.rungs.size()); });
  }

  testing::Scratch scratch;
  job::Job job = job::job_from_json(small_job(), "job");
  run::SearchContext parts{job};
  run::RunFolder run = run::Run::create(scratch / "run", job).folder();
  data::Dataset data = data::Dataset::open(job.data, scratch / "cache");
  trial::Trial trial;
  std::vector<std::size_t> heard;  ///< number of known rungs at each report of one
};

TEST_F(Evaluation, EndsATrialAtTheRungWhereItFallsBelowItsThreshold) {
  const trial::Trial whole = evaluate({0, 0});
  EXPECT_EQ(whole.state, trial::TrialState::scored);
  ASSERT_EQ(whole.rungs.size(), 2u);
  EXPECT_EQ(heard, (std::vector<std::size_t>{1, 2}));
  EXPECT_TRUE(whole.u);
  EXPECT_TRUE(std::filesystem::exists(run.weights(1)));

  const double reached = whole.rungs[0].top1;
  const trial::Trial level = evaluate({reached, 0});
  EXPECT_EQ(level.state, trial::TrialState::scored) << "reaching the threshold is enough";
  EXPECT_EQ(level.u, whole.u);

  const trial::Trial below = evaluate({reached + 0.01, 0});
  EXPECT_EQ(below.state, trial::TrialState::pruned);
  ASSERT_EQ(below.rungs.size(), 1u);
  EXPECT_EQ(below.rungs[0].top1, reached) << "the same training, cut short";
  EXPECT_EQ(heard, std::vector<std::size_t>{1});
  EXPECT_THAT(below.reason, HasSubstr("after 48 images, below the"));
  EXPECT_EQ(below.metrics.value("proxy_images"), 48);
  EXPECT_FALSE(below.u);
  EXPECT_FALSE(below.feasible);
  EXPECT_FALSE(std::filesystem::exists(run.weights(1)));
  EXPECT_FALSE(std::filesystem::exists(run.training_state(1)));
}

TEST_F(Evaluation, TheBalancedAccuracyIsScoredAndPrunedWhereTheObjectiveNamesIt) {
  json text = small_job();
  text["objective"]["accuracy"] = "proxy_balanced_accuracy";
  job = job::job_from_json(text, "job");
  const run::SearchContext balanced(job);
  const auto evaluate_with = [&](const std::vector<double>& prune_below) {
    trial::Trial given = trial;
    given.prune_below = prune_below;
    return evaluate_trial(given, job, balanced, &data, run, [](const trial::Trial&) {});
  };
  const trial::Trial whole = evaluate_with({0, 0});
  ASSERT_EQ(whole.state, trial::TrialState::scored);
  const double accuracy = whole.metrics.at("proxy_balanced_accuracy").value;
  EXPECT_EQ(accuracy, whole.rungs.back().balanced_accuracy);
  EXPECT_EQ(whole.u, job.objective.score(whole.metrics, whole.verdicts, accuracy));
  EXPECT_THAT(whole.reason, HasSubstr("balanced accuracy"));
  EXPECT_EQ(evaluate_with({whole.rungs[0].balanced_accuracy, 0}).state, trial::TrialState::scored);
  const trial::Trial below = evaluate_with({whole.rungs[0].balanced_accuracy + 0.01, 0});
  EXPECT_EQ(below.state, trial::TrialState::pruned);
}

TEST_F(Evaluation, ACheckpointOfAnotherTrainingIsNotedAndIgnored) {
  const trial::Trial clean = evaluate({0, 0});
  ASSERT_EQ(clean.state, trial::TrialState::scored);
  const auto expect_ignored = [&](const std::string& why) {
    const trial::Trial found = evaluate({0, 0});
    EXPECT_EQ(found.state, trial::TrialState::scored) << found.reason;
    EXPECT_EQ(found.u, clean.u);
    EXPECT_THAT(found.reason, HasSubstr("; ignored " + run.training_state(1)));
    EXPECT_THAT(found.reason, HasSubstr(why));
    EXPECT_FALSE(std::filesystem::exists(run.training_state(1)));
  };
  write_file_atomically(run.training_state(1), "what is no checkpoint");
  expect_ignored("not a training checkpoint");
  // One of the same network with another seed, cut at its first rung.
  const Architecture network = proxy_network(parts.space->build(trial.genotype), data.px(), data.classes());
  (void)train::train(
      network, data, job.proxy.train, 12345, [](const train::TrainResult&) { return false; }, run.training_state(1));
  ASSERT_TRUE(std::filesystem::exists(run.training_state(1)));
  expect_ignored("seed");
}

TEST_F(Evaluation, ADivergedTrainingIsRejected) {
  job.proxy.train.learning_rate = 1e6;
  const trial::Trial found = evaluate({0, 0});
  EXPECT_EQ(found.state, trial::TrialState::rejected);
  EXPECT_EQ(found.rule, "finite_loss");
  EXPECT_FALSE(found.u);
}

}  // namespace
}  // namespace gensynth::worker
