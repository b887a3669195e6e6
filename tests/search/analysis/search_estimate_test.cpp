#include "search/analysis/search_estimate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "architecture/base/error.hpp"
#include "search/report/runs/estimate_report.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

DryRun sampled(std::int64_t params) {
  DryRun run;
  run.samples = 1000;
  run.feasible = 100;
  run.candidates_per_second = 50;
  run.trainable_samples = {{1e6, params, {}}};
  return run;
}

job::Job untrained(std::int64_t trials) {
  nlohmann::json text = testing::untrained_job();
  text["budget"]["trials"] = trials;
  return job::job_from_json(text, "job");
}

TEST(SearchEstimate, WithoutTrainingTimeIsThatOfProposals) {
  const SearchEstimate estimate = estimate_search(untrained(600), sampled(0), {});
  ASSERT_TRUE(estimate.minutes.has_value());
  EXPECT_NEAR(estimate.minutes->value, 600 / 0.1 / 50 / 60, 1e-9);  // a tenth is feasible
  EXPECT_NEAR(estimate.minutes->low, 600.0 / 50 / 60, 1e-9);
  EXPECT_TRUE(std::isinf(estimate.minutes->high));
  EXPECT_FALSE(estimate.free_bytes.has_value());
  EXPECT_THAT(report::runs::estimate_text(estimate, ""), AllOf(HasSubstr("at least 2 m 00 s"), HasSubstr("--out")));
  DryRun none = sampled(0);
  none.feasible = 0;
  EXPECT_FALSE(estimate_search(untrained(600), none, {}).minutes.has_value());
}

TEST(SearchEstimate, LooksAtTheFolder) {
  testing::Scratch scratch;
  EstimateRequest request;
  request.out = scratch / "a/b/run";
  const SearchEstimate estimate = estimate_search(untrained(10), sampled(1000), request);
  EXPECT_GT(estimate.free_bytes.value_or(0), 0);
  EXPECT_GT(estimate.disk_bytes, 0);
  EXPECT_FALSE(std::filesystem::exists(scratch / "a"));
  std::ofstream(scratch / "file") << "x";
  request.out = scratch / "file/run";
  EXPECT_THAT([&] { (void)estimate_search(untrained(10), sampled(0), request); },
              ThrowsMessage<Error>(HasSubstr("file: is not a folder")));
  request.out = scratch / "run";
  (void)testing::search(request.out, testing::untrained_job());
  EXPECT_THAT([&] { (void)estimate_search(untrained(10), sampled(0), request); },
              ThrowsMessage<Error>(HasSubstr("a run is here already")));
}

TEST(SearchEstimate, RefusesADiskThatIsTooSmall) {
  testing::Scratch scratch;
  EstimateRequest request;
  request.out = scratch / "run";
  EXPECT_THAT([&] { (void)estimate_search(untrained(10), sampled(1'000'000'000'000'000), request); },
              ThrowsMessage<Error>(AllOf(HasSubstr("the run needs up to"), HasSubstr("are free there"))));
}

}  // namespace
}  // namespace gensynth::analysis
