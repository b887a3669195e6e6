#include "runtime/lowering/dataflow.hpp"

#include <gmock/gmock.h>

namespace gensynth::lowering {
namespace {

TEST(Dataflow, AnInputThatGivesItsShapeAloneIsNotRead) {
  EXPECT_TRUE(reads_values(Add{}, 1));
  EXPECT_TRUE(reads_values(Resize{}, 0));
  EXPECT_FALSE(reads_values(Resize{}, 1));
  EXPECT_FALSE(reads_values(FromTokens{}, 1));
  EXPECT_FALSE(reads_values(Zero{}, 0));
}

TEST(Dataflow, VerticesReadForTheirShapeAreNotNeeded) {
  ArchitectureBuilder b("net", {Layout::map, 2, 4, 4});
  const int small = b.add(Pool{}, 0);
  const int large = b.add(Convolution{.out_channels = 2}, 0);  // only its extent is used
  const int output = b.add(Resize{}, {small, large});
  EXPECT_THAT(needed_vertices(b.build(output)), testing::ElementsAre(true, true, false, true));
}

}  // namespace
}  // namespace gensynth::lowering
