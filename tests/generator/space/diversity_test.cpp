#include "generator/space/diversity.hpp"

#include <gtest/gtest.h>

#include "generator/columnar/columnar_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::space {
namespace {

TEST(Diversity, IsTheShareOfDecisionsThatDifferAveragedOverPairs) {
  const nasbench201::NasBench201Space space;  // six decisions, always the same
  const Genotype one{0, 1, 2, 3, 4, 0};
  const Genotype other{0, 1, 2, 3, 4, 1};
  const Genotype third{1, 2, 3, 4, 0, 0};
  EXPECT_EQ(diversity(space, {}), 0);
  EXPECT_EQ(diversity(space, {one}), 0);
  EXPECT_EQ(diversity(space, {one, one, one}), 0);
  EXPECT_NEAR(diversity(space, {one, other}), 1.0 / 6, 1e-12);
  EXPECT_NEAR(diversity(space, {one, other, third}), (1 + 5 + 6) / 18.0, 1e-12);
}

TEST(Diversity, CountsMissingDecisionsAsDifferentInAnyOrder) {
  const columnar::ColumnarSpace space;
  Rng rng(3);
  for (int i = 0; i < 50; ++i) {
    const Genotype parent = space.sample(rng);
    const Genotype child = space.mutate(parent, 1, rng);
    const double difference = diversity(space, {parent, child});
    EXPECT_EQ(difference, diversity(space, {child, parent}));
    // A mutation changes one answer, and may add or remove questions.
    const auto longer = static_cast<double>(std::max(parent.size(), child.size()));
    const auto shorter = static_cast<double>(std::min(parent.size(), child.size()));
    EXPECT_GE(difference, (1 + longer - shorter) / (longer + shorter));
    EXPECT_LT(difference, 1);
  }
}

}  // namespace
}  // namespace gensynth::space
