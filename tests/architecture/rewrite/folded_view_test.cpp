#include "architecture/rewrite/folded_view.hpp"

#include <gtest/gtest.h>

#include <map>
#include <type_traits>

#include "architecture/rewrite/fold.hpp"
#include "architecture/serialize.hpp"
#include "tests/architecture/linear_network.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth {
namespace {

/// The view has the vertices, inputs, uses and output of the folded network.
void expect_same(const FoldedView& view, const Architecture& folded) {
  std::map<std::string, int> index;
  for (int v = 0; v < folded.size(); ++v) index[folded[v].id] = v;
  const Architecture& net = view.architecture();
  int stay = 0;
  for (int v = 0; v < net.size(); ++v) {
    EXPECT_FALSE(view.is_folded(view.replacement(v)));
    if (view.is_folded(v)) {
      EXPECT_EQ(index.count(net[v].id), 0U);
      continue;
    }
    ++stay;
    const int w = index.at(net[v].id);
    EXPECT_EQ(view.shape(v), folded.shape(w));
    EXPECT_EQ(view.in_degree(v), folded.in_degree(w));
    EXPECT_EQ(view.out_degree(v), folded.out_degree(w)) << net[v].id;
    std::vector<std::string> read;
    for (const int u : view.inputs(v)) read.push_back(net[u].id);
    std::vector<std::string> expected;
    for (const int u : folded.inputs(w)) expected.push_back(folded[u].id);
    EXPECT_EQ(read, expected);
  }
  EXPECT_EQ(stay, folded.size());
  EXPECT_EQ(net[view.output()].id, folded[folded.output()].id);
}

TEST(FoldedView, IsWhatFoldMakes) {
  std::size_t merged = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    const Architecture net = seed % 2 ? random_linear_network(rng) : random_architecture(rng, 16, 60);
    const FoldedView view(net);
    SCOPED_TRACE(to_text(net));
    expect_same(view, fold(net));
    for (const FoldStep& step : view.steps()) merged += step.kind == FoldStep::Kind::branches ? 1 : 0;
  }
  EXPECT_GT(merged, 50U);
}

TEST(FoldedView, LeavesAFoldedNetworkUnchanged) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    const Architecture folded = fold(seed % 2 ? random_linear_network(rng) : random_architecture(rng, 16, 60));
    const FoldedView view(folded);
    EXPECT_TRUE(view.steps().empty()) << to_text(folded);
  }
}

TEST(FoldedView, AsGivenHidesNothing) {
  Rng rng(5);
  const Architecture net = random_linear_network(rng);
  const FoldedView view(net, Form::as_given);
  EXPECT_TRUE(view.steps().empty());
  expect_same(view, net);
}

/// An identity may read a vertex that is merged later in the order of vertices.
TEST(FoldedView, ReadsPastAChainOfWhatIsGone) {
  ArchitectureBuilder builder("net", Shape{Layout::map, 4, 6, 6});
  const int conv = builder.add(centred(4, 1), 0, {}, "conv");
  const int wide = builder.add(centred(4, 3), 0, {}, "wide");
  const int norm = builder.add(BatchNorm{}, conv);
  const int sum = builder.add(Add{}, {builder.add(Dropout{}, norm), wide});
  const int after = builder.add(Dropout{}, builder.add(BatchNorm{}, sum));
  const Architecture net = builder.build(builder.add(Add{}, {builder.add(centred(4, 5), 0, {}, "widest"), after}));
  const FoldedView view(net);
  EXPECT_EQ(net[view.output()].id, "widest");
  for (const int v : {conv, wide, norm, sum, after}) EXPECT_EQ(view.replacement(v), view.output());
  EXPECT_EQ(view.out_degree(0), 1);
  ASSERT_EQ(view.steps().size(), 6U);
}

static_assert(!std::is_constructible_v<FoldedView, Architecture&&>, "it would outlive its architecture");

}  // namespace
}  // namespace gensynth
