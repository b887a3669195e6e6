#include "search/sampling/generator_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "search/job/job.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::sampling {
namespace {

using ::testing::HasSubstr;

class GeneratorSummaryTest : public ::testing::Test {
 protected:
  static job::Job cell_job() {
    nlohmann::json job = testing::untrained_job("generative_synthesis");
    job["space"] = {{"kind", "nasbench201"}};
    job["constraints"] = nlohmann::json::array();
    return job::job_from_json(job, "job");
  }
  distribution::Generator at(const space::Genotype& genotype) const {
    distribution::Generator generator(*parts.space);
    for (int i = 0; i < 80; ++i) generator.apply(generator.gradient(genotype, 3));
    return generator;
  }
  const job::Job job = cell_job();
  const run::SearchContext parts{job};
};

TEST_F(GeneratorSummaryTest, CountsStructuresAndSureDecisions) {
  distribution::Mixture generator(*parts.space);
  generator.add(at({3, 2, 2, 3, 2, 3}), 1);
  generator.add(at({3, 2, 2, 3, 2, 2}), 1);
  const auto by_last = [](const space::Genotype& genotype, const assessment::Assessment&) {
    return genotype[5] == 3 ? 60.0 : 58.0;
  };
  const GeneratorSummary summary = summarise(parts, generator, by_last, 200);
  EXPECT_EQ(summary.samples, 200);
  EXPECT_EQ(summary.feasible, 200);
  EXPECT_GE(summary.structures, 2);
  EXPECT_EQ(summary.best_u, 60.0);
  EXPECT_EQ(summary.decisions, 6);
  ASSERT_EQ(summary.sure.size(), 5U) << "the two cells differ in the sixth";
  EXPECT_GT(summary.sure[0].share, kSure);
  EXPECT_THAT(to_text(summary), HasSubstr("sure of 5 of 6 decisions: " + summary.sure[0].decision));
  EXPECT_EQ(to_json(summary).at("sure").size(), 5U);
}

TEST_F(GeneratorSummaryTest, OfAnUnsureGeneratorWithoutUtility) {
  distribution::Mixture generator(*parts.space);
  generator.add(distribution::Generator(*parts.space), 1);
  const GeneratorSummary summary = summarise(parts, generator, nullptr, 60);
  EXPECT_FALSE(summary.median_u);
  EXPECT_TRUE(summary.sure.empty());
  EXPECT_GT(summary.structures, 50);
  EXPECT_TRUE(to_json(summary).at("median_u").is_null());
  EXPECT_THAT(to_text(summary), HasSubstr("sure of 0 of 6 decisions\n"));
}

}  // namespace
}  // namespace gensynth::sampling
