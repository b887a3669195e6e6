#include "generator/space/structure.hpp"

#include <gtest/gtest.h>

#include "generator/columnar/columnar_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::space {
namespace {

TEST(Structure, DistanceIsTheShareOfDecisionsThatDiffer) {
  const nasbench201::NasBench201Space cells;
  const Structure a(cells, {0, 1, 2, 3, 4, 0});
  EXPECT_EQ(a.distance(a), 0);
  EXPECT_NEAR(a.distance(Structure(cells, {0, 1, 2, 3, 4, 1})), 1.0 / 6, 1e-12);
  EXPECT_NEAR(a.distance(Structure(cells, {1, 2, 3, 4, 0, 1})), 1, 1e-12);
}

TEST(Structure, DecisionsThatOnlyOneHasDiffer) {
  const columnar::ColumnarSpace space;
  Rng rng(3);
  for (int i = 0; i < 50; ++i) {
    const Genotype one = space.sample(rng);
    const Genotype two = space.mutate(one, 1 + below(rng, 20), rng);
    const std::vector<Decision> of_one = space.decisions(one);
    const std::vector<Decision> of_two = space.decisions(two);
    int same = 0;
    int asked = static_cast<int>(of_one.size() + of_two.size());
    for (std::size_t a = 0; a < of_one.size(); ++a) {
      for (std::size_t b = 0; b < of_two.size(); ++b) {
        if (of_one[a].name != of_two[b].name) continue;
        --asked;
        same += one[a] == two[b] ? 1 : 0;
      }
    }
    const double expected = 1 - static_cast<double>(same) / asked;
    EXPECT_NEAR(Structure(space, one).distance(Structure(space, two)), expected, 1e-12);
    EXPECT_NEAR(Structure(space, two).distance(Structure(space, one)), expected, 1e-12);
  }
}

TEST(GroupByStructure, VariantsBelongToTheFirstThatTheyResemble) {
  const nasbench201::NasBench201Space cells;
  const std::vector<Genotype> genotypes{{0, 0, 0, 0, 0, 0}, {1, 1, 1, 1, 1, 1}, {0, 0, 0, 0, 0, 1}, {1, 1, 1, 1, 1, 0}};
  EXPECT_EQ(group_by_structure(cells, genotypes, 0.2), (std::vector<std::size_t>{0, 1, 0, 1}));
  EXPECT_EQ(group_by_structure(cells, genotypes, 0.1), (std::vector<std::size_t>{0, 1, 2, 3})) << "a sixth is enough";
  EXPECT_TRUE(group_by_structure(cells, {}).empty());
}

}  // namespace
}  // namespace gensynth::space
