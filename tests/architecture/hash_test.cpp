#include "architecture/hash.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "architecture/attributes.hpp"
#include "architecture/base/error.hpp"
#include "tests/architecture/graph_draft.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth {
namespace {

bool same_hash(const Architecture& a, const Architecture& b) { return canonical_hash(a) == canonical_hash(b); }

TEST(CanonicalHash, DoesNotSeeOrderNamesPlacementsOrCommutingPorts) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 20 + static_cast<int>(seed));
    const Architecture other = disguised(net, rng);
    EXPECT_TRUE(same_hash(net, other)) << seed;
    EXPECT_TRUE(isomorphic(net, other)) << seed;
    EXPECT_TRUE(isomorphic(other, net)) << seed;
  }
}

void change(int& value, Rng& rng) { value += below(rng, 2) == 0 ? 1 : -1; }
void change(double& value, Rng& rng) { value *= below(rng, 2) == 0 ? 1 + 1e-12 : 0.5; }
void change(bool& value, Rng&) { value = !value; }
void change(Pair& value, Rng& rng) { change(below(rng, 2) == 0 ? value.h : value.w, rng); }
void change(ActivationKind& value, Rng& rng) {
  value = static_cast<ActivationKind>((static_cast<int>(value) + 1 + below(rng, 8)) % 9);
}
void change(PoolKind& value, Rng&) { value = value == PoolKind::max ? PoolKind::average : PoolKind::max; }
void change(ResizeMode& value, Rng&) {
  value = value == ResizeMode::nearest ? ResizeMode::bilinear : ResizeMode::nearest;
}

TEST(CanonicalHash, SeesEveryAttribute) {
  std::set<std::string> changed;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 40);
    const Hash128 hash = canonical_hash(net);
    for (int v = 1; v < net.size(); ++v) {
      Operator original = net.op(v);
      std::visit(
          [&]<class Op>(Op& op) {
            attributes(OperatorTag<Op>{}, [&](const char* key, auto member, Presence) {
              GraphDraft draft(net);
              Op mutated = op;
              change(mutated.*member, rng);
              draft[v].op = mutated;
              try {
                const Architecture other = draft.build();
                EXPECT_NE(canonical_hash(other), hash) << operator_name(op) << "." << key;
                EXPECT_FALSE(isomorphic(net, other)) << operator_name(op) << "." << key;
                changed.insert(std::string(operator_name(op)) + "." + key);
              } catch (const Error&) {  // the changed network does not fit together
              }
            });
          },
          original);
    }
  }
  // All 31 attributes but two that no other value fits: the ends of a split part, the scale of a resize.
  EXPECT_GE(changed.size(), 27U);
}

TEST(CanonicalHash, SeesTheInputShape) {
  Rng rng(5);
  const Architecture net = random_architecture(rng, 16, 40);
  EXPECT_FALSE(same_hash(net, net.at_resolution(32)));
  EXPECT_FALSE(isomorphic(net, net.at_resolution(32)));
}

TEST(CanonicalHash, SeesConcatOrderButNotAddOrder) {
  const auto joined = [](const Operator& join, bool swapped) {
    ArchitectureBuilder builder("net", Shape{Layout::map, 3, 8, 8});
    const int a = builder.add(Activation{ActivationKind::relu}, 0);
    const int b = builder.add(Activation{ActivationKind::tanh}, 0);
    return builder.build(swapped ? builder.add(join, {b, a}) : builder.add(join, {a, b}));
  };
  EXPECT_FALSE(same_hash(joined(Concat{}, false), joined(Concat{}, true)));
  EXPECT_FALSE(isomorphic(joined(Concat{}, false), joined(Concat{}, true)));
  EXPECT_FALSE(same_hash(joined(Resize{}, false), joined(Resize{}, true)));
  for (const Operator& join : {Operator(Add{}), Operator(Multiply{})}) {
    EXPECT_TRUE(same_hash(joined(join, false), joined(join, true)));
    EXPECT_TRUE(isomorphic(joined(join, false), joined(join, true)));
  }
}

TEST(CanonicalHash, SeesPermutedConcatPorts) {
  int tried = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 40);
    for (int v = 1; v < net.size(); ++v) {
      if (!std::holds_alternative<Concat>(net.op(v))) continue;
      const int first = net.input(v, 0);
      const int second = net.input(v, 1);
      if (net.op(first) == net.op(second)) continue;  // might be twins
      GraphDraft draft(net);
      std::swap(draft[v].inputs[0], draft[v].inputs[1]);
      const Architecture other = draft.build();
      EXPECT_FALSE(same_hash(net, other)) << seed;
      EXPECT_FALSE(isomorphic(net, other)) << seed;
      ++tried;
    }
  }
  EXPECT_GT(tried, 30);
}

TEST(CanonicalHash, SeesADuplicateInPlaceOfSharedUse) {
  int tried = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 40);
    for (int v = 1; v < net.size(); ++v) {
      if (net.out_degree(v) < 2) continue;
      // A copy right after v takes over the first use.
      GraphDraft draft(net);
      GraphDraft::Item copy = draft[v];
      copy.id = "copy";
      for (auto& item : draft.items) {
        for (int& input : item.inputs) input += input > v ? 1 : 0;
      }
      draft.output += 1;
      draft.items.insert(draft.items.begin() + v + 1, copy);
      bool moved = false;
      for (auto& item : draft.items) {
        for (int& input : item.inputs) {
          if (input == v && !moved) {
            input = v + 1;
            moved = true;
          }
        }
      }
      const Architecture other = draft.build();
      EXPECT_FALSE(same_hash(net, other)) << seed;
      EXPECT_FALSE(isomorphic(net, other)) << seed;
      ++tried;
    }
  }
  EXPECT_GT(tried, 50);
}

/// Two pairs of sums over relu(input) and tanh(input); one of the two is shared, the other exists twice.
Architecture shared(bool share_relu) {
  ArchitectureBuilder builder("net", Shape{Layout::map, 3, 8, 8});
  const int relu = builder.add(Activation{ActivationKind::relu}, 0);
  const int tanh = builder.add(Activation{ActivationKind::tanh}, 0);
  const int again = builder.add(Activation{share_relu ? ActivationKind::tanh : ActivationKind::relu}, 0);
  const int left = builder.add(Add{}, {relu, tanh});
  const int right = share_relu ? builder.add(Add{}, {relu, again}) : builder.add(Add{}, {again, tanh});
  return builder.build(builder.add(Multiply{}, {left, right}));
}

TEST(CanonicalHash, SeesWhichVertexIsShared) {
  EXPECT_FALSE(same_hash(shared(true), shared(false)));
  EXPECT_FALSE(isomorphic(shared(true), shared(false)));
  EXPECT_TRUE(isomorphic(shared(true), shared(true)));
}

/// Small graphs full of near-twins: commuting sums, products and ordered resizes over few activations.
Architecture tiny(Rng& rng) {
  ArchitectureBuilder builder("tiny", Shape{Layout::map, 2, 2, 2});
  std::vector<int> used{0};
  const auto add = [&](const Operator& op, const std::vector<int>& inputs) {
    const int v = builder.add(op, inputs);
    used.push_back(0);
    for (const int u : inputs) used[static_cast<std::size_t>(u)] = 1;
    return v;
  };
  const int count = 4 + below(rng, 3);
  while (builder.size() < count) {
    const int a = below(rng, builder.size());
    const int b = below(rng, builder.size());
    switch (below(rng, 4)) {
      case 0:
        add(Add{}, {a, b});
        break;
      case 1:
        add(Resize{}, {a, b});
        break;
      default:
        add(Activation{}, {a});
    }
  }
  std::vector<int> open;
  for (int v = 0; v < builder.size(); ++v) {
    if (used[static_cast<std::size_t>(v)] == 0) open.push_back(v);
  }
  return builder.build(open.size() == 1 ? open[0] : add(Multiply{}, open));
}

/// Isomorphism by its definition: some permutation of the vertices maps operators and inputs onto each other.
bool isomorphic_by_permutation(const Architecture& a, const Architecture& b) {
  if (a.size() != b.size()) return false;
  std::vector<int> image(static_cast<std::size_t>(a.size()));
  std::iota(image.begin(), image.end(), 0);
  do {
    bool fits = image[0] == 0;
    for (int v = 1; fits && v < a.size(); ++v) {
      const int w = image[static_cast<std::size_t>(v)];
      fits = a.op(v) == b.op(w) && a.in_degree(v) == b.in_degree(w);
      if (!fits) break;
      std::vector<int> mapped;
      for (const int u : a.inputs(v)) mapped.push_back(image[static_cast<std::size_t>(u)]);
      const auto inputs = b.inputs(w);
      std::vector<int> actual(inputs.begin(), inputs.end());
      if (std::holds_alternative<Add>(a.op(v)) || std::holds_alternative<Multiply>(a.op(v))) {
        std::sort(mapped.begin(), mapped.end());
        std::sort(actual.begin(), actual.end());
      }
      fits = mapped == actual;
    }
    if (fits) return true;
  } while (std::next_permutation(image.begin() + 1, image.end()));
  return false;
}

TEST(Isomorphic, AgreesWithTheDefinitionAndWithTheHash) {
  Rng rng(7);
  std::vector<Architecture> nets;
  for (int i = 0; i < 250; ++i) nets.push_back(tiny(rng));
  int equal = 0;
  for (std::size_t i = 0; i < nets.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const bool expected = isomorphic_by_permutation(nets[i], nets[j]);
      equal += expected ? 1 : 0;
      ASSERT_EQ(isomorphic(nets[i], nets[j]), expected) << i << " " << j;
      ASSERT_EQ(same_hash(nets[i], nets[j]), expected) << i << " " << j;
    }
  }
  EXPECT_GT(equal, 5);
}

TEST(Isomorphic, MatchesManyEqualBranches) {
  const auto fan = [](int width) {
    ArchitectureBuilder builder("fan", Shape{Layout::map, 2, 2, 2});
    std::vector<int> branches;
    for (int i = 0; i < width; ++i) branches.push_back(builder.add(Activation{}, builder.add(Activation{}, 0)));
    return builder.build(builder.add(Add{}, branches));
  };
  EXPECT_TRUE(isomorphic(fan(200), fan(200)));
  EXPECT_FALSE(isomorphic(fan(200), fan(199)));
}

/// Six equal convolutions of the input, summed in pairs along the edges of a graph on six places, then all together.
Architecture pairs(const std::vector<std::pair<int, int>>& edges) {
  ArchitectureBuilder builder("pairs", Shape{Layout::map, 2, 2, 2});
  std::vector<int> places;
  for (int i = 0; i < 6; ++i) places.push_back(builder.add(Convolution{.out_channels = 2}, 0));
  std::vector<int> sums;
  for (const auto& [a, b] : edges) {
    sums.push_back(builder.add(Add{}, {places[static_cast<std::size_t>(a)], places[static_cast<std::size_t>(b)]}));
  }
  return builder.build(builder.add(Multiply{}, sums));
}

// Colour refinement cannot distinguish a hexagon from two triangles, where every place has two equal neighbours; the
// exact match must.
TEST(Isomorphic, TellsApartWhatColoursCannot) {
  const Architecture hexagon = pairs({{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}});
  const Architecture triangles = pairs({{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}});
  EXPECT_TRUE(same_hash(hexagon, triangles));
  EXPECT_FALSE(isomorphic(hexagon, triangles));
  EXPECT_FALSE(isomorphic(triangles, hexagon));
  EXPECT_TRUE(isomorphic(hexagon, pairs({{0, 3}, {3, 1}, {1, 5}, {5, 2}, {2, 4}, {4, 0}})));
  EXPECT_TRUE(isomorphic(triangles, pairs({{0, 2}, {1, 3}, {2, 4}, {3, 5}, {4, 0}, {5, 1}})));
}

TEST(Hash128, RoundTripsThroughText) {
  const Hash128 hash{0x0123456789abcdefULL, 0xfedcba9876543210ULL};
  EXPECT_EQ(to_string(hash), "0123456789abcdeffedcba9876543210");
  EXPECT_EQ(hash_from_string(to_string(hash)), hash);
  EXPECT_THROW(hash_from_string("0123"), Error);
  EXPECT_THROW(hash_from_string("0123456789abcdeffedcba987654321g"), Error);
}

TEST(CanonicalHash, IsTheSameOnEveryMachine) {
  ArchitectureBuilder builder("net", Shape{Layout::map, 3, 8, 8});
  builder.add(Convolution{.out_channels = 4, .kernel = {3, 3}}, 0);
  builder.add(BatchNorm{}, 1);
  EXPECT_EQ(to_string(canonical_hash(builder.build(2))), "9cb5616727f86c02efafc03321cc579e");
}

}  // namespace
}  // namespace gensynth
