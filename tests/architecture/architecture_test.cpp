#include "architecture/architecture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "architecture/base/error.hpp"
#include "tests/architecture/failure.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ArchitectureBuilder new_builder(int px = 8) { return ArchitectureBuilder("net", Shape{Layout::map, 3, px, px}); }

std::vector<int> list(auto range) { return {range.begin(), range.end()}; }

TEST(Architecture, KeepsPortOrderAndUsers) {
  ArchitectureBuilder builder = new_builder();
  const int a = builder.add(Convolution{.out_channels = 4}, 0);
  const int b = builder.add(Convolution{.out_channels = 5}, 0);
  const int c = builder.add(Concat{}, {b, a, b});
  const Architecture net = builder.build(c);
  EXPECT_EQ(builder.size(), 0);
  EXPECT_EQ(net.size(), 4);
  EXPECT_EQ(net.output(), c);
  EXPECT_THAT(list(net.inputs(c)), ElementsAre(b, a, b));
  EXPECT_THAT(list(net.users(b)), ElementsAre(c, c));
  EXPECT_THAT(list(net.users(0)), ElementsAre(a, b));
  EXPECT_EQ(net.input(c, 1), a);
  EXPECT_EQ(net.in_degree(c), 3);
  EXPECT_EQ(net.out_degree(b), 2);
  EXPECT_EQ(net.shape(c).channels, 14);
  EXPECT_THROW(net.input(c, 3), Error);
  EXPECT_THROW(net.input(c, -1), Error);
  int port = 0;
  for (const auto& edge : boost::make_iterator_range(boost::in_edges(static_cast<std::size_t>(c), net.graph()))) {
    EXPECT_EQ(net.graph()[edge].port, port++);
  }
}

TEST(Architecture, NamesVerticesByOperatorAndIndex) {
  ArchitectureBuilder builder = new_builder();
  builder.add(Convolution{.out_channels = 4}, 0);
  builder.add(Activation{}, 1, Placement{1, 2, 3, Role::gate}, "gate");
  const Architecture net = builder.build(2);
  EXPECT_EQ(net[0].id, "input");
  EXPECT_EQ(net[0].placement.role, Role::input);
  EXPECT_EQ(net[1].id, "convolution_1");
  EXPECT_EQ(net[2].id, "gate");
  EXPECT_EQ(net[2].placement, (Placement{1, 2, 3, Role::gate}));
}

TEST(ArchitectureBuilder, NeverGivesOneIdTwice) {
  ArchitectureBuilder builder = new_builder();
  builder.add(Activation{}, 0);
  EXPECT_THAT(failure([&] { builder.add(Activation{}, 1, {}, "activation_1"); }),
              HasSubstr("vertex 'activation_1' (activation): the id is taken by vertex 1"));
  EXPECT_THAT(failure([&] { builder.add(Activation{}, 1, {}, "input"); }), HasSubstr("taken by vertex 0"));
  builder.add(Activation{}, 1, {}, "activation_3");
  builder.add(Activation{}, 2);  // would be activation_3
  EXPECT_THROW(builder.add(Activation{}, 3, {}, "activation_3_"), Error);
  builder.add(Activation{}, 3, {}, "activation_9");
  const Architecture net = builder.build(4);
  std::set<std::string> ids;
  for (int v = 0; v < net.size(); ++v) ids.insert(net[v].id);
  EXPECT_EQ(static_cast<int>(ids.size()), net.size());
  EXPECT_EQ(net[2].id, "activation_3");
}

TEST(ArchitectureBuilder, NamesVertexInputsAndShapes) {
  ArchitectureBuilder builder = new_builder();
  const int a = builder.add(Convolution{.out_channels = 4}, 0, {}, "left");
  const int b = builder.add(Pool{}, 0, {}, "right");
  EXPECT_EQ(
      failure([&] {
        builder.add(Add{}, {a, b}, {}, "sum");
      }),
      "vertex 'sum' (add): input 0 is [4, 8, 8] but input 1 is [3, 4, 4]: expected equal shapes, or equal channels "
      "and an extent of 1x1 (inputs 'left' [4, 8, 8], 'right' [3, 4, 4])");
  EXPECT_EQ(failure([&] {
              builder.add(Convolution{.out_channels = 4, .kernel = {9, 9}}, b);
            }),
            "vertex 'convolution_3' (convolution): kernel 9x9 with padding 0 does not fit in [3, 4, 4]");
  EXPECT_THAT(failure([&] { builder.add(Activation{}, 3); }), HasSubstr("input vertex 3 does not exist, there are 3"));
  EXPECT_THAT(failure([&] { builder.add(Activation{}, -1); }), HasSubstr("input vertex -1 does not exist"));
  EXPECT_THAT(failure([&] { builder.add(Input{}, std::vector<int>{}); }), HasSubstr("(input)"));
  EXPECT_EQ(builder.size(), 3);
}

TEST(ArchitectureBuilder, RefusesVerticesThatDoNotReachTheOutput) {
  ArchitectureBuilder builder = new_builder();
  builder.add(Convolution{.out_channels = 4}, 0, {}, "used");
  builder.add(Convolution{.out_channels = 4}, 0, {}, "idle");
  builder.add(Activation{}, 2, {}, "idle_too");
  EXPECT_EQ(failure([&] { builder.build(1); }),
            "architecture 'net': vertex 'idle' (convolution) does not reach the output 'used'");
  EXPECT_THAT(failure([&] { builder.build(4); }), HasSubstr("output vertex 4 does not exist"));
  EXPECT_THROW(builder.build(-1), Error);
}

TEST(ArchitectureBuilder, RefusesImpossibleInputs) {
  EXPECT_THROW(ArchitectureBuilder("x", Shape{Layout::map, 3, 0, 8}), Error);
  EXPECT_THROW(ArchitectureBuilder("x", Shape{Layout::map, 0, 8, 8}), Error);
  EXPECT_THROW(ArchitectureBuilder("x", Shape{Layout::vector, 3, 1, 1}), Error);
  EXPECT_THROW(ArchitectureBuilder("x", Shape{Layout::map, 3, 1 << 16, 8}), Error);
}

TEST(Architecture, CanStandAtAnotherResolution) {
  ArchitectureBuilder builder = new_builder(16);
  builder.add(Convolution{.out_channels = 4, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, 0, {}, "stem");
  builder.add(Pool{.kernel = {4, 4}, .stride = {4, 4}}, 1, {}, "pool");
  const Architecture net = builder.build(2);
  const Architecture large = net.at_resolution(64);
  EXPECT_EQ(large.shape(1), (Shape{Layout::map, 4, 32, 32}));
  EXPECT_EQ(large.shape(2), (Shape{Layout::map, 4, 8, 8}));
  EXPECT_EQ(net.shape(2), (Shape{Layout::map, 4, 2, 2}));
  EXPECT_EQ(large[1].id, "stem");
  EXPECT_EQ(failure([&] { net.at_resolution(4); }),
            "at 4 px: vertex 'pool' (pool): kernel 4x4 with padding 0x0 does not fit in [4, 2, 2]");
  EXPECT_THROW(net.at_resolution(0), Error);
}

TEST(Architecture, RenamedKeepsTheGraph) {
  ArchitectureBuilder builder = new_builder();
  builder.add(Activation{}, 0);
  const Architecture net = builder.build(1);
  const Architecture other = net.renamed("other");
  EXPECT_EQ(other.name(), "other");
  EXPECT_EQ(net.name(), "net");
  EXPECT_EQ(other.size(), net.size());
}

TEST(RandomArchitecture, CoversEveryOperatorAndEndsInAClassifier) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    const int most = 16 + static_cast<int>(seed % 50);
    const Architecture net = random_architecture(rng, 16, most);
    ASSERT_LE(net.size(), most);
    for (int v = 0; v < net.size(); ++v) seen.insert(operator_name(net.op(v)));
    EXPECT_STREQ(operator_name(net.op(net.output())), "linear");
    EXPECT_EQ(net.shape(net.output()), (Shape{Layout::vector, 10, 1, 1}));
    EXPECT_EQ(net.at_resolution(16).shape(net.output()), net.shape(net.output()));
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<Operator>);
}

}  // namespace
}  // namespace gensynth
