#include <gtest/gtest.h>

#include <map>
#include <set>

#include "generator/columnar/columnar_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::space {
namespace {

std::map<std::string, int> by_name(const SearchSpace& space, const Genotype& genotype) {
  std::map<std::string, int> answers;
  const std::vector<Decision> asked = space.decisions(genotype);
  for (std::size_t i = 0; i < asked.size(); ++i) answers[asked[i].name] = genotype[i];
  return answers;
}

int differing(const std::map<std::string, int>& a, const std::map<std::string, int>& b) {
  int count = 0;
  for (const auto& [name, answer] : a) {
    const auto found = b.find(name);
    count += found != b.end() && found->second != answer ? 1 : 0;
  }
  return count;
}

TEST(Mutate, ChangesAsManyDecisionsAsAskedAndCarriesTheRest) {
  const columnar::ColumnarSpace space;
  Rng rng(5);
  std::set<std::string> mutated;
  for (int i = 0; i < 500; ++i) {
    const Genotype parent = space.sample(rng);
    const Genotype child = space.mutate(parent, 1, rng);
    ASSERT_TRUE(space.contains(child));
    const auto before = by_name(space, parent);
    const auto after = by_name(space, child);
    ASSERT_EQ(differing(before, after), 1);
    for (const auto& [name, answer] : before) {
      if (after.count(name) > 0 && after.at(name) != answer) mutated.insert(generic_name(name));
    }
  }
  EXPECT_GT(mutated.size(), 20U);  // every kind of decision has its turn
  for (const int count : {2, 5, 20}) {
    const Genotype parent = space.sample(rng);
    const Genotype child = space.mutate(parent, count, rng);
    const int changed = differing(by_name(space, parent), by_name(space, child));
    EXPECT_GE(changed, 1);
    EXPECT_LE(changed, count);
  }
}

TEST(Mutate, MovesOrdinalDecisionsMostlyByOneStep) {
  columnar::Options options;
  options.min_stages = options.max_stages = 1;
  options.max_columns = 1;
  const columnar::ColumnarSpace space(options);
  Rng rng(6);
  int steps = 0;
  int jumps = 0;
  for (int i = 0; i < 3000; ++i) {
    const Genotype parent = space.sample(rng);
    const auto before = by_name(space, parent);
    const auto after = by_name(space, space.mutate(parent, 1, rng));
    const int from = before.at("stage0.column0.width");
    const int distance = std::abs(after.at("stage0.column0.width") - from);
    steps += distance == 1 ? 1 : 0;
    jumps += distance > 1 ? 1 : 0;
  }
  EXPECT_GT(steps, 3 * jumps);
  EXPECT_GT(jumps, 0);
}

TEST(Crossover, TakesEachDecisionFromAParent) {
  const columnar::ColumnarSpace space;
  Rng rng(7);
  for (int i = 0; i < 200; ++i) {
    const Genotype a = space.sample(rng);
    const Genotype b = space.sample(rng);
    const Genotype child = space.crossover(a, b, rng);
    ASSERT_TRUE(space.contains(child));
    const auto of_a = by_name(space, a);
    const auto of_b = by_name(space, b);
    for (const auto& [name, answer] : by_name(space, child)) {
      const bool in_a = of_a.count(name) > 0;
      const bool in_b = of_b.count(name) > 0;
      if (!in_a && !in_b) continue;
      EXPECT_TRUE((in_a && of_a.at(name) == answer) || (in_b && of_b.at(name) == answer)) << name;
    }
  }
}

TEST(Crossover, UsesBothParents) {
  const nasbench201::NasBench201Space space;
  Rng rng(8);
  std::set<Genotype> children;
  for (int i = 0; i < 500; ++i) children.insert(space.crossover({0, 0, 0, 0, 0, 0}, {4, 4, 4, 4, 4, 4}, rng));
  EXPECT_GT(children.size(), 55U);  // 2^6 are possible
}

TEST(Neighbours, AreAllThatDifferInOneDecision) {
  const nasbench201::NasBench201Space space;
  const Genotype centre{1, 2, 3, 4, 0, 1};
  const std::vector<Genotype> around = space.neighbours(centre);
  EXPECT_EQ(around.size(), 24U);
  EXPECT_EQ(std::set<Genotype>(around.begin(), around.end()).size(), 24U);
  for (const Genotype& genotype : around) {
    int different = 0;
    for (std::size_t i = 0; i < centre.size(); ++i) different += genotype[i] != centre[i] ? 1 : 0;
    EXPECT_EQ(different, 1);
  }
}

TEST(Neighbours, CarryDependentDecisionsByName) {
  const columnar::ColumnarSpace space;
  Rng rng(9);
  for (int i = 0; i < 10; ++i) {
    const Genotype centre = space.sample(rng);
    const auto before = by_name(space, centre);
    std::size_t expected = 0;
    for (const Decision& decision : space.decisions(centre)) expected += static_cast<std::size_t>(decision.choices - 1);
    const std::vector<Genotype> around = space.neighbours(centre);
    EXPECT_EQ(around.size(), expected);
    for (const Genotype& genotype : around) {
      ASSERT_TRUE(space.contains(genotype));
      EXPECT_EQ(differing(before, by_name(space, genotype)), 1);
    }
    EXPECT_EQ(space.neighbours(centre), around);  // no chance in it
  }
}

}  // namespace
}  // namespace gensynth::space
