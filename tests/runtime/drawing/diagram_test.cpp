#include "runtime/drawing/diagram.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "runtime/drawing/layout.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/runtime/drawing/columnar_network.hpp"

namespace gensynth::drawing {
namespace {

using testing::ElementsAre;

void expect_consistent(const Architecture& net) {
  const Diagram diagram = make_diagram(net);
  std::vector<int> seen(static_cast<std::size_t>(net.size()), 0);
  int stage = 0;
  for (std::size_t u = 0; u < diagram.units.size(); ++u) {
    for (const int v : diagram.units[u].vertices) {
      ++seen[static_cast<std::size_t>(v)];
      EXPECT_EQ(diagram.unit_of[static_cast<std::size_t>(v)], static_cast<int>(u));
    }
    stage = std::max(stage, diagram.units[u].stage);
  }
  EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), net.size());
  EXPECT_EQ(stage + 1, static_cast<int>(diagram.stages.size()));
  for (const auto& [from, to] : diagram.links) {
    EXPECT_LT(from, to);
    EXPECT_LE(diagram.units[static_cast<std::size_t>(from)].stage, diagram.units[static_cast<std::size_t>(to)].stage);
  }
}

/// Boxes do not overlap, lie in their stage's band, and links go down.
void expect_drawable(const Architecture& net) {
  const Diagram diagram = make_diagram(net);
  const Drawing drawing = make_drawing(net, diagram);
  for (std::size_t a = 0; a < drawing.boxes.size(); ++a) {
    const Box& box = drawing.boxes[a];
    const Box& band = drawing.bands[static_cast<std::size_t>(diagram.units[a].stage)].box;
    EXPECT_GE(box.x, band.x + drawing.measures.gutter - 0.1);
    EXPECT_LE(box.x + box.w, band.x + band.w);
    EXPECT_GE(box.y, band.y);
    EXPECT_LE(box.bottom(), band.bottom());
    for (std::size_t b = 0; b < a; ++b) {
      const Box& other = drawing.boxes[b];
      const bool apart =
          box.x >= other.x + other.w || other.x >= box.x + box.w || box.y >= other.bottom() || other.y >= box.bottom();
      EXPECT_TRUE(apart) << "units " << a << " and " << b;
    }
  }
  for (const Route& route : drawing.routes) {
    EXPECT_LT(drawing.boxes[static_cast<std::size_t>(route.from)].bottom(),
              drawing.boxes[static_cast<std::size_t>(route.to)].y);
    if (!route.corridor) continue;
    EXPECT_LT(*route.corridor, drawing.width);
    for (std::size_t u = 0; u < drawing.boxes.size(); ++u) {
      const int row = drawing.rows[u];
      if (row <= drawing.rows[static_cast<std::size_t>(route.from)] ||
          row >= drawing.rows[static_cast<std::size_t>(route.to)]) {
        continue;
      }
      const Box& box = drawing.boxes[u];
      EXPECT_TRUE(*route.corridor <= box.x || *route.corridor >= box.x + box.w) << "a link runs through unit " << u;
    }
  }
}

TEST(Diagram, GroupsTheHandBuiltNetwork) {
  const Diagram diagram = make_diagram(columnar_network());
  std::vector<std::string> titles;
  for (const auto& stage : diagram.stages) titles.push_back(stage.title);
  EXPECT_THAT(titles, ElementsAre("Stem", "Stage 1", "Stage 2", "Head"));
  EXPECT_EQ(diagram.stages[1].size, "64 × 64");
  EXPECT_EQ(diagram.stages[2].size, "32 × 32");
  EXPECT_THAT(diagram.stages[1].columns, ElementsAre(0, 1));
  int downsamples = 0;
  int bridges = 0;
  for (const auto& unit : diagram.units) {
    downsamples += unit.kind == Unit::Kind::downsample ? 1 : 0;
    bridges += unit.kind == Unit::Kind::bridge ? 1 : 0;
  }
  EXPECT_EQ(downsamples, 2);
  EXPECT_EQ(bridges, 5);  // two transitions, the mix with its splits, the link, the join before the head
}

TEST(Diagram, ReadsDoubleCondensingBlocks) {
  const Architecture net = columnar_network();
  const Diagram diagram = make_diagram(net);
  int found = 0;
  for (std::size_t u = 0; u < diagram.units.size(); ++u) {
    const Module module = make_module(net, diagram, static_cast<int>(u));
    if (!module.branches()) continue;
    ++found;
    EXPECT_EQ(module.title, "DC-AC");
    EXPECT_TRUE(module.residual);
    std::vector<Ink> left;
    for (const Bar& bar : module.left) left.push_back(bar.ink);
    EXPECT_THAT(left, ElementsAre(Ink::condenser, Ink::embedding, Ink::expansion, Ink::gate, Ink::expansion));
    std::vector<Ink> right;
    for (const Bar& bar : module.right) right.push_back(bar.ink);
    EXPECT_THAT(right, ElementsAre(Ink::condenser, Ink::embedding, Ink::expansion));
  }
  EXPECT_EQ(found, 4);
}

/// A block on 16 channels of 32 x 32 and a head; `block` adds the block to its input and returns its last vertex.
template <typename Block>
Architecture one_block(const Block& block) {
  ArchitectureBuilder b("one block", {Layout::map, 16, 32, 32});
  const int last = block(b);
  const Placement head{-1, -1, -1, Role::head};
  return b.build(b.add(Linear{10}, b.add(GlobalPool{}, last, head), head));
}

int convolve(ArchitectureBuilder& b, int from, int out, int kernel, int padding, int groups, Role role) {
  const Placement at{0, 0, 0, role};
  const Convolution convolution{
      .out_channels = out, .kernel = {kernel, kernel}, .padding = {padding, padding}, .groups = groups};
  return b.add(BatchNorm{}, b.add(convolution, from, at), at);
}

Module module_of_block(const Architecture& net) {
  const Diagram diagram = make_diagram(net);
  for (std::size_t u = 0; u < diagram.units.size(); ++u) {
    if (diagram.units[u].kind == Unit::Kind::block) return make_module(net, diagram, static_cast<int>(u));
  }
  ADD_FAILURE() << "no block is drawn";
  return {};
}

std::vector<std::string> lines(const std::vector<Bar>& bars) {
  std::vector<std::string> all;
  for (const Bar& bar : bars) all.insert(all.end(), bar.lines.begin(), bar.lines.end());
  return all;
}

TEST(Diagram, ShowsThePlanOfEachBranch) {
  const Module module = module_of_block(one_block([](ArchitectureBuilder& b) {
    const auto branch = [&](PoolKind kind, int ratio, int width, int embeddings, bool gate) {
      const Placement condenser{0, 0, 0, Role::condenser};
      const Pool pool{
          .kind = kind, .kernel = {ratio + 1, ratio + 1}, .stride = {ratio, ratio}, .padding = {ratio / 2, ratio / 2}};
      int x = convolve(b, b.add(pool, b.input(), condenser), width, 1, 0, 1, Role::condenser);
      for (int i = 0; i < embeddings; ++i) x = convolve(b, x, width, 3, 1, width, Role::embedding);
      x = convolve(b, x, 16, 1, 0, 1, Role::expansion);
      if (gate) x = b.add(Activation{ActivationKind::sigmoid}, x, {0, 0, 0, Role::gate});
      return b.add(Resize{}, {x, b.input()}, {0, 0, 0, Role::expansion});
    };
    const int a = branch(PoolKind::max, 2, 4, 1, true);
    return b.add(Multiply{}, {a, branch(PoolKind::average, 8, 8, 2, false)}, {0, 0, 0, Role::gate});
  }));
  EXPECT_EQ(module.title, "DC-AC");
  EXPECT_TRUE(module.top.empty());
  EXPECT_THAT(lines(module.left),
              ElementsAre("max 3×3 /2", "1×1 → 4", "3×3 dw → 4", "1×1 → 16", "σ", "resize 16 → 32"));
  EXPECT_THAT(lines(module.right),
              ElementsAre("avg 9×9 /8", "1×1 → 8", "3×3 dw → 8", "3×3 dw → 8", "1×1 → 16", "resize 4 → 32"));
}

TEST(Diagram, ShowsFusedGroupedBlocksWithEvenKernels) {
  const Module module = module_of_block(one_block([](ArchitectureBuilder& b) {
    int x = convolve(b, b.input(), 64, 2, 1, 2, Role::expansion);
    x = b.add(Activation{}, x, {0, 0, 0, Role::expansion});
    x = convolve(b, convolve(b, x, 16, 1, 0, 1, Role::none), 16, 2, 0, 16, Role::none);
    return b.add(Add{}, {x, b.input()}, {0, 0, 0, Role::residual});
  }));
  EXPECT_EQ(module.title, "block 1");
  EXPECT_TRUE(module.residual);
  EXPECT_THAT(lines(module.top), ElementsAre("2×2 g2 → 64", "1×1 → 16", "2×2 dw → 16"));
}

TEST(Diagram, StandsAnyTags) {
  Rng rng(5);
  for (int i = 0; i < 60; ++i) {
    SCOPED_TRACE(i);
    const auto net = random_architecture(rng, 32, 16 + below(rng, 200));
    expect_consistent(net);
    expect_drawable(net);
  }
  expect_consistent(columnar_network());
  expect_drawable(columnar_network());
}

TEST(Diagram, TagsThatWouldMakeACircleDoNot) {
  ArchitectureBuilder builder("circle", {Layout::map, 3, 16, 16});
  const Placement here{0, 0, 0, Role::none};
  const Placement there{0, 1, 0, Role::none};
  const int first = builder.add(Convolution{.out_channels = 3}, 0, here);
  const int between = builder.add(Convolution{.out_channels = 3}, first, there);
  const int last = builder.add(Add{}, {first, between}, here);  // tagged as one block with `first`
  const int apart = builder.add(Convolution{.out_channels = 3}, last, Placement{0, 1, 1, Role::none});
  const auto net = builder.build(apart);
  expect_consistent(net);
  expect_drawable(net);
  const Diagram diagram = make_diagram(net);
  EXPECT_NE(diagram.unit_of[static_cast<std::size_t>(first)], diagram.unit_of[static_cast<std::size_t>(last)]);
}

TEST(Diagram, NeedsNoTags) {
  ArchitectureBuilder builder("plain", {Layout::map, 3, 32, 32});
  int v = builder.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .padding = {1, 1}}, 0);
  for (int stage = 0; stage < 2; ++stage) {
    for (int block = 0; block < 3; ++block) {
      const int gate = builder.add(Convolution{.out_channels = 8}, builder.add(GlobalPool{}, v));
      const int conv = builder.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .padding = {1, 1}}, v);
      v = builder.add(Multiply{}, {conv, gate});
    }
    v = builder.add(Pool{}, v);
  }
  const auto net = builder.build(builder.add(Linear{10}, builder.add(GlobalPool{}, v)));
  expect_consistent(net);
  expect_drawable(net);
  const Diagram diagram = make_diagram(net);
  std::vector<std::string> sizes;
  for (const auto& stage : diagram.stages) sizes.push_back(stage.size);
  EXPECT_THAT(sizes, ElementsAre("32 × 32", "32 × 32", "16 × 16", "8 × 8", ""));
}

}  // namespace
}  // namespace gensynth::drawing
