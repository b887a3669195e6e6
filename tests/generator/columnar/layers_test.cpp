#include "generator/columnar/layers.hpp"

#include <gtest/gtest.h>

namespace gensynth::columnar {
namespace {

/// The taps of a blur with stride 2 on a map of the given extent, 0 where none is added.
int taps_on(int extent, int wanted) {
  ArchitectureBuilder builder("blur", Shape{Layout::map, 4, extent, extent});
  Layers layers(builder, ActivationKind::relu);
  const int v = layers.blur(builder.input(), wanted, 2, Role::downsample);
  if (v == builder.input()) return 0;
  const Architecture network = builder.build(v);
  return std::get<BlurPool>(network.op(v)).taps;
}

TEST(Layers, BlurTakesTheTapsThatCanReflect) {
  EXPECT_EQ(taps_on(8, 5), 5);
  EXPECT_EQ(taps_on(3, 5), 5);
  EXPECT_EQ(taps_on(2, 5), 3);
  EXPECT_EQ(taps_on(2, 3), 3);
  EXPECT_EQ(taps_on(2, 2), 2);
  EXPECT_EQ(taps_on(1, 5), 0);
}

TEST(Layers, JoinDistinctTakesEachVertexOnce) {
  ArchitectureBuilder builder("join", Shape{Layout::map, 4, 8, 8});
  Layers layers(builder, ActivationKind::relu);
  const int other = layers.pointwise(builder.input(), 6, Role::mix);
  EXPECT_EQ(layers.join_distinct({0, 0, 0}, Role::join), 0);
  EXPECT_EQ(layers.channels(layers.join_distinct({0, other, 0}, Role::join)), 10);
}

TEST(Layers, ProjectKeepsWhatFits) {
  ArchitectureBuilder builder("project", Shape{Layout::map, 4, 8, 8});
  Layers layers(builder, ActivationKind::relu);
  EXPECT_EQ(layers.project(0, 4, Role::transition), 0);
  EXPECT_EQ(layers.channels(layers.project(0, 5, Role::transition)), 5);
}

}  // namespace
}  // namespace gensynth::columnar
