#include "search/analysis/run_beliefs.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "search/store/memory/memory_store.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using testing::Scratch;
using testing::untrained_job;

TEST(RunBeliefs, WorthIsTheObjectiveWherePredictedAccuracyIsPartOfIt) {
  const Scratch scratch;
  const job::Job job = job::job_from_json(untrained_job(), "job");
  const run::SearchContext parts(job);
  const auto store = std::make_unique<store::memory::MemoryStore>();
  const teaching::Worth worth = worth_in_run(parts, *store);
  Rng rng(1);
  for (int i = 0; i < 20; ++i) {
    const space::Genotype genotype = parts.space->sample(rng);
    const assessment::Assessment assessment = parts.assessor.assess(parts.space->build(genotype), true);
    EXPECT_EQ(worth(genotype, assessment), parts.performance.score(assessment.metrics, assessment.verdicts));
  }
}

TEST(RunBeliefs, WorthIsWhatTrialsTeachWhereAccuracyIsMeasured) {
  const Scratch scratch;
  nlohmann::json text = untrained_job();
  text["space"] = {{"kind", "nasbench201"}};
  text["constraints"] = nlohmann::json::array();
  text["objective"] = {{"accuracy", "proxy_top1"}, {"beta", 0}, {"delta", 0}};
  text["proxy"] = {{"images", 100}};
  const job::Job job = job::job_from_json(text, "job");
  const run::SearchContext parts(job);
  const auto store = std::make_unique<store::memory::MemoryStore>();
  EXPECT_EQ(worth_in_run(parts, *store), nullptr) << "nothing was trained yet";
  Rng rng(2);
  std::vector<trial::Trial> trials;
  for (int i = 1; i <= 40; ++i) {  // cells whose last edge is a convolution of 3x3 are better
    trial::Trial trial;
    trial.id = trial.ordinal = i;
    trial.genotype = parts.space->sample(rng);
    trial.state = trial::TrialState::scored;
    trial.feasible = true;
    const double accuracy = trial.genotype.back() == 3 ? 80 : 60;
    trial.metrics.set("proxy_top1", Quantity::measured(accuracy, "%", "test"));
    trial.u = 40 * std::log10(accuracy);
    trials.push_back(std::move(trial));
  }
  store->add(trials, {});
  EXPECT_EQ(inquisitor_of_run(parts, *store)->observations().size(), 40U);
  const teaching::Worth worth = worth_in_run(parts, *store);
  ASSERT_NE(worth, nullptr);
  const auto of = [&](space::Genotype genotype, int last) {
    genotype.back() = last;
    return worth(genotype, parts.assessor.assess(parts.space->build(genotype)));
  };
  int right = 0;
  for (int i = 0; i < 100; ++i) {
    const space::Genotype genotype = parts.space->sample(rng);
    right += of(genotype, 3) > of(genotype, 2) ? 1 : 0;
  }
  EXPECT_GE(right, 90);
}

}  // namespace
}  // namespace gensynth::analysis
