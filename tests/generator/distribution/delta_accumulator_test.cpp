#include "generator/distribution/delta_accumulator.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "generator/make_space.hpp"

namespace gensynth::distribution {
namespace {

TEST(DeltaAccumulator, ChangesACopyAndSumsTheSteps) {
  const auto space = generator::make_space({{"kind", "nasbench201"}}, "test", "");
  const space::Genotype genotype{1, 2, 3, 0, 4, 1};
  Generator original(*space);
  original.apply(original.gradient(genotype, 0.3));
  const nlohmann::json before = original.state();
  DeltaAccumulator taught(original);
  EXPECT_TRUE(taught.total().empty());
  for (int i = 0; i < 3; ++i) taught.apply(taught.generator().gradient(genotype, 0.5));
  taught.apply(taught.generator().decay(0.1));
  EXPECT_EQ(original.state(), before);
  EXPECT_GT(taught.generator().log_prob(genotype), original.log_prob(genotype));
  original.apply(taught.total());
  EXPECT_NEAR(original.log_prob(genotype), taught.generator().log_prob(genotype), 1e-12);
}

TEST(DeltaAccumulator, KeepsTheSumWhenAStepIsRefused) {
  const auto space = generator::make_space({{"kind", "nasbench201"}}, "test", "");
  const Generator original(*space);
  DeltaAccumulator taught(original);
  const GeneratorDelta huge = original.gradient({1, 2, 3, 0, 4, 1}, std::numeric_limits<double>::max());
  taught.apply(huge);
  const auto total = taught.total().logits();
  EXPECT_THROW(taught.apply(huge), Error);
  EXPECT_EQ(taught.total().logits(), total);
}

}  // namespace
}  // namespace gensynth::distribution
