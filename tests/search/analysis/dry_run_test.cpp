#include "search/analysis/dry_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "search/report/runs/dry_run_report.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

DryRun run_with(const std::string& expression, bool trains = false) {
  nlohmann::json text = testing::untrained_job();
  text["constraints"][0]["expression"] = expression;
  if (trains) {
    text["proxy"] = {{"images", 200}};
    text["data"] = {{"kind", "drawn"}, {"px", 32}, {"classes", 3}, {"images", 60}};
  }
  return dry_run(job::job_from_json(text, "job"));
}

TEST(DryRun, CountsFeasibleSamples) {
  const DryRun none = run_with("params < 1");
  EXPECT_EQ(none.samples, 1000);
  EXPECT_EQ(none.feasible, 0);
  EXPECT_EQ(none.constraints.at(0).share, 0);
  const DryRun all = run_with("params > 0");
  EXPECT_EQ(all.feasible, 1000);
  ASSERT_EQ(all.constraints.size(), 1U);
  EXPECT_EQ(all.constraints[0].constraint, "small");
  EXPECT_EQ(all.constraints[0].share, 1);
  EXPECT_FALSE(all.constraints[0].needs_training);
  EXPECT_FALSE(all.trains);
  EXPECT_GT(all.candidates_per_second, 0);
}

TEST(DryRun, EstimatesTraining) {
  const DryRun run = run_with("proxy_top1 > 10", true);
  EXPECT_TRUE(run.constraints.at(0).needs_training);
  EXPECT_TRUE(run.trains);
  EXPECT_EQ(run.images_per_trial, 200);
  EXPECT_EQ(run.trials, 12);
  EXPECT_GT(run.trainable, 0);
  EXPECT_GT(run.proxy_macs, 0);
  const std::string text = report::runs::dry_run_text(run);
  EXPECT_THAT(text, HasSubstr("needs training"));
  EXPECT_THAT(text, HasSubstr("proxy training: 12 trials of at most 200 images, 2400 images in all"));
}

TEST(DryRun, IsRenderedInWords) {
  DryRun run;
  run.space = "tiny";
  run.log10_size = 3;
  run.samples = 10;
  run.feasible = 5;
  run.constraints = {{"size", true, false, 0.5}, {"learns", false, true, 1}};
  run.candidates_per_second = 1234.4;
  run.warnings = {"careful"};
  EXPECT_EQ(report::runs::dry_run_text(run),
            "space tiny: at most 10^3 genotypes\n"
            "5 of 10 random samples pass every hard constraint that needs no training (50.0 %)\n\n"
            "constraint  kind  random samples that meet it\n"
            "size        hard  50.0 %\n"
            "learns      soft  needs training\n"
            "\nstages without training: 1234 candidates per second on one core of this machine\n"
            "warning: careful\n");
}

}  // namespace
}  // namespace gensynth::analysis
