#include "inquisitor/teaching/feasibility.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::teaching {
namespace {

/// Cells whose first two edges are a 3x3 convolution and whose last is none: 1 of 125 random ones.
std::vector<char> check(const std::vector<space::Genotype>& genotypes) {
  std::vector<char> feasible;
  for (const space::Genotype& g : genotypes) feasible.push_back(g[0] == 3 && g[1] == 3 && g[5] == 0 ? 1 : 0);
  return feasible;
}

double share_of(const distribution::Generator& generator) {
  std::vector<space::Genotype> samples;
  for (std::uint64_t seed = 1000; seed < 2000; ++seed) samples.push_back(generator.sample(seed));
  return feasible_share(check(samples));
}

class Feasibility : public ::testing::Test {
 protected:
  nasbench201::NasBench201Space space;
  distribution::Generator generator{space};
  Rng rng{5};
};

TEST_F(Feasibility, ExamplesAreDistinctFeasibleAndBounded) {
  const std::vector<space::Genotype> few = feasible_examples(generator, check, rng, 5, 20'000);
  EXPECT_EQ(few.size(), 5U);
  EXPECT_EQ(std::set<space::Genotype>(few.begin(), few.end()).size(), 5U);
  EXPECT_EQ(feasible_share(check(few)), 1);
  int checked = 0;
  const auto never = [&](const std::vector<space::Genotype>& genotypes) {
    checked += static_cast<int>(genotypes.size());
    return std::vector<char>(genotypes.size(), 0);
  };
  EXPECT_TRUE(feasible_examples(generator, never, rng, 5, 1'300).empty());
  EXPECT_EQ(checked, 1'300);
}

TEST_F(Feasibility, AStepMakesItLikelier) {
  std::vector<space::Genotype> samples;
  for (int i = 0; i < 2'000; ++i) samples.push_back(generator.sample(rng()));
  const double before = share_of(generator);
  generator.apply(towards_feasibility(generator, samples, check(samples), 0.35));
  EXPECT_GT(share_of(generator), 1.2 * before);
  EXPECT_TRUE(towards_feasibility(generator, samples, std::vector<char>(2'000, 1), 0.35).empty());
  EXPECT_TRUE(towards_feasibility(generator, samples, std::vector<char>(2'000, 0), 0.35).empty());
}

TEST_F(Feasibility, ALessonWithExamplesReachesNearlyAllAndForgetsNoKind) {
  ASSERT_LT(share_of(generator), 0.03);
  FeasibilityTeachingOptions options{48, 96, 0.35};
  options.examples = feasible_examples(generator, check, rng, 32, 20'000);
  generator.apply(teach_feasibility(generator, check, rng, options));
  EXPECT_GT(share_of(generator), 0.9);
  std::set<int> kinds;  // answers to an edge that feasibility leaves free
  for (std::uint64_t seed = 0; seed < 300; ++seed) kinds.insert(generator.sample(seed)[3]);
  EXPECT_EQ(kinds.size(), 5U);
}

TEST_F(Feasibility, ALessonIsAsFastWhereFewSamplesFail) {
  FeasibilityTeachingOptions options{200, 400, 0.35, 0.9};
  options.examples = feasible_examples(generator, check, rng, 32, 20'000);
  generator.apply(teach_feasibility(generator, check, rng, options));
  const double failing = 1 - share_of(generator);
  ASSERT_GT(failing, 0.02);
  generator.apply(teach_feasibility(generator, check, rng, {6, 400, 0.35, 1}));
  EXPECT_LT(1 - share_of(generator), failing / 4);
}

TEST_F(Feasibility, ExamplesKeepKindsThatSamplesHaveLost) {
  generator.apply(generator.gradient({3, 3, 1, 1, 1, 0}, 8));  // it emits hardly anything else
  FeasibilityTeachingOptions options{24, 96, 0.35, 1};
  options.examples = {{3, 3, 2, 2, 2, 0}, {3, 3, 4, 4, 4, 0}};
  generator.apply(teach_feasibility(generator, check, rng, options));
  std::set<int> kinds;
  for (std::uint64_t seed = 0; seed < 300; ++seed) kinds.insert(generator.sample(seed)[3]);
  EXPECT_TRUE(kinds.contains(2) && kinds.contains(4));
}

TEST_F(Feasibility, ALessonEndsWhereSamplesAreFeasible) {
  const auto always = [](const std::vector<space::Genotype>& genotypes) {
    return std::vector<char>(genotypes.size(), 1);
  };
  FeasibilityTeachingOptions options;
  options.examples = {{0, 0, 0, 0, 0, 0}};
  Rng same = rng;
  (void)teach_feasibility(generator, always, rng, options);
  options.rounds = 100;
  (void)teach_feasibility(generator, always, same, options);
  EXPECT_EQ(rng, same) << "more rounds would have drawn more";
}

}  // namespace
}  // namespace gensynth::teaching
