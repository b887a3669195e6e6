#include "inquisitor/features/motifs.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::features {
namespace {

TEST(Motifs, AreEqualForIsomorphicNetworksAndDifferForOthers) {
  const nasbench201::NasBench201Space space;
  EXPECT_EQ(architecture_motifs(space.build({3, 0, 1, 2, 0, 0})), architecture_motifs(space.build({3, 0, 4, 2, 0, 0})));
  // The same operations in another order: equal at radius 0, not further out.
  const Motifs first = architecture_motifs(space.build({3, 0, 2, 0, 0, 4}));
  const Motifs second = architecture_motifs(space.build({2, 0, 3, 0, 0, 4}));
  EXPECT_EQ(first[0], second[0]);
  EXPECT_NE(first[2], second[2]);
}

TEST(Motifs, CountOperatorsAtRadiusZero) {
  const nasbench201::NasBench201Space space;
  const Motifs motifs = architecture_motifs(space.build({0, 0, 0, 3, 0, 0}));  // one 3x3 convolution a cell, 15 cells
  EXPECT_TRUE(std::any_of(motifs[0].begin(), motifs[0].end(), [](const auto& m) { return m.second >= 15; }));
  for (const TokenCounts& round : motifs) EXPECT_EQ(total(round), total(motifs[0])) << "a pattern for each vertex";
}

}  // namespace
}  // namespace gensynth::features
