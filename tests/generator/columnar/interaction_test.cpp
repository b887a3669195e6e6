#include "generator/columnar/interaction.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

namespace gensynth::columnar {
namespace {

/// Columns that read one map, so that together they are a network.
struct Fixture {
  explicit Fixture(const std::vector<int>& widths, int extent = 8)
      : builder("columns", Shape{Layout::map, 4, extent, extent}), layers(builder, ActivationKind::relu) {
    for (const int width : widths) columns.push_back(layers.convolve(0, width, 3, 1, 1, Role::none));
    numbers.resize(widths.size());
    std::iota(numbers.begin(), numbers.end(), 0);
  }
  std::vector<int> widths() const {
    std::vector<int> result;
    for (const int v : columns) result.push_back(builder.shape(v).channels);
    return result;
  }
  Architecture network() { return builder.build(layers.join_distinct(columns, Role::join)); }

  ArchitectureBuilder builder;
  Layers layers;
  std::vector<int> columns;
  std::vector<int> numbers;
};

/// For each column, the original columns that it depends on after the interaction.
std::vector<std::set<int>> dependencies(Fixture& fixture, const std::vector<int>& before) {
  const std::vector<int> after = fixture.columns;
  const Architecture network = fixture.network();
  std::vector<std::set<int>> result;
  for (const int v : after) {
    std::set<int> seen{v};
    std::vector<int> open{v};
    while (!open.empty()) {
      const int at = open.back();
      open.pop_back();
      for (const int u : network.inputs(at)) {
        if (seen.insert(u).second) open.push_back(u);
      }
    }
    std::set<int> sources;
    for (std::size_t c = 0; c < before.size(); ++c) {
      if (seen.count(before[c]) > 0) sources.insert(static_cast<int>(c));
    }
    result.push_back(sources);
  }
  return result;
}

using Sets = std::vector<std::set<int>>;

TEST(Interact, KeepsWidthsForEveryKindAndReach) {
  for (const std::vector<int>& widths :
       {std::vector<int>{16, 16}, {8, 24, 40}, {16, 16, 16, 16}, {5, 7}, {9, 11, 13}}) {
    for (const Interaction kind :
         {Interaction::none, Interaction::sum, Interaction::concat_mix, Interaction::shuffle}) {
      for (const Reach reach : {Reach::neighbour, Reach::all}) {
        Fixture fixture(widths);
        interact(fixture.layers, kind, reach, fixture.numbers, fixture.columns);
        EXPECT_EQ(fixture.widths(), widths);
        EXPECT_NO_THROW(fixture.network());
      }
    }
  }
}

TEST(Interact, ReachesTheNeighbourOrAll) {
  for (const Interaction kind : {Interaction::sum, Interaction::concat_mix, Interaction::shuffle}) {
    Fixture near({16, 24, 32});
    std::vector<int> before = near.columns;
    interact(near.layers, kind, Reach::neighbour, near.numbers, near.columns);
    EXPECT_EQ(dependencies(near, before), (Sets{{0, 1}, {1, 2}, {2, 0}}));
    Fixture all({16, 24, 32});
    before = all.columns;
    interact(all.layers, kind, Reach::all, all.numbers, all.columns);
    EXPECT_EQ(dependencies(all, before), (Sets{{0, 1, 2}, {0, 1, 2}, {0, 1, 2}}));
  }
  Fixture none({16, 24, 32});
  const std::vector<int> before = none.columns;
  interact(none.layers, Interaction::none, Reach::all, none.numbers, none.columns);
  EXPECT_EQ(dependencies(none, before), (Sets{{0}, {1}, {2}}));
}

TEST(Interact, EqualWidthsSumOnce) {
  Fixture fixture({16, 16, 16});
  const int before = fixture.builder.size();
  interact(fixture.layers, Interaction::sum, Reach::all, fixture.numbers, fixture.columns);
  EXPECT_EQ(fixture.builder.size(), before + 1);
  EXPECT_EQ(std::set<int>(fixture.columns.begin(), fixture.columns.end()).size(), 1U);
}

TEST(Interact, LeavesOneColumnAlone) {
  Fixture fixture({16});
  const std::vector<int> before = fixture.columns;
  interact(fixture.layers, Interaction::sum, Reach::all, fixture.numbers, fixture.columns);
  EXPECT_EQ(fixture.columns, before);
}

TEST(Connect, GoesColumnToColumnWhereTheirNumberStays) {
  Fixture fixture({16, 24});
  const std::vector<int> before = fixture.columns;
  fixture.columns = connect(fixture.layers, fixture.columns, {16, 48});
  EXPECT_EQ(fixture.columns[0], before[0]);  // equal width: nothing to do
  EXPECT_EQ(fixture.widths(), (std::vector<int>{16, 48}));
  EXPECT_EQ(dependencies(fixture, before), (Sets{{0}, {1}}));
}

TEST(Connect, MixesWhereTheirNumberChanges) {
  Fixture fixture({16, 24});
  const std::vector<int> before = fixture.columns;
  fixture.columns = connect(fixture.layers, fixture.columns, {8, 16, 32});
  EXPECT_EQ(fixture.widths(), (std::vector<int>{8, 16, 32}));
  EXPECT_EQ(dependencies(fixture, before), (Sets{{0, 1}, {0, 1}, {0, 1}}));
  Fixture merging({16, 24, 8});
  merging.columns = connect(merging.layers, merging.columns, {40});
  EXPECT_EQ(merging.widths(), std::vector<int>{40});
}

TEST(Downsample, AllKindsHalveAlike) {
  for (const int extent : {1, 2, 3, 4, 5, 7, 8, 13, 56}) {
    const int expected = extent <= 2 ? extent : (extent + 1) / 2;
    for (const Downsampling kind :
         {Downsampling::blur2, Downsampling::blur3, Downsampling::blur5, Downsampling::average_pool,
          Downsampling::max_pool, Downsampling::strided_convolution, Downsampling::strided_pointwise}) {
      Fixture fixture({16}, extent);
      const int v = downsample(fixture.layers, kind, fixture.columns[0], 0);
      EXPECT_EQ(fixture.builder.shape(v), (Shape{Layout::map, 16, expected, expected}))
          << kDownsamplingNames[static_cast<std::size_t>(kind)] << " of " << extent;
      EXPECT_EQ(fixture.layers.channels(downsample(fixture.layers, kind, v, 40)), learns(kind) ? 40 : 16);
    }
  }
}

TEST(Downsample, BlursWithTheTapsThatFit) {
  Fixture fixture({16}, 8);
  const auto taps = [&](Downsampling kind) {
    const int v = downsample(fixture.layers, kind, fixture.columns[0], 0);
    fixture.columns.push_back(v);
    return v;
  };
  const int two = taps(Downsampling::blur2);
  const int three = taps(Downsampling::blur3);
  const int five = taps(Downsampling::blur5);
  fixture.columns.erase(fixture.columns.begin());
  const Architecture network = fixture.network();
  EXPECT_EQ(std::get<BlurPool>(network.op(two)).taps, 2);
  EXPECT_EQ(std::get<BlurPool>(network.op(three)).taps, 3);
  EXPECT_EQ(std::get<BlurPool>(network.op(five)).taps, 5);
}

}  // namespace
}  // namespace gensynth::columnar
