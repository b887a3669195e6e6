#include "tests/constraints/rewrites.hpp"

#include <gtest/gtest.h>

#include "architecture/zoo/zoo.hpp"
#include "tests/architecture/graph_draft.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::rules {
namespace {

using namespace gensynth::testing;
using nlohmann::json;

/// All values that are measured on the graph.
const std::vector<json>& structural_rules() {
  static const std::vector<json> rules = {
      {{"constraint", "columnar"}},
      {{"constraint", "no_strided_pointwise"}},
      {{"constraint", "anti_aliased_downsampling"}},
      {{"constraint", "anti_aliased_downsampling"}, {"include_condensers", true}},
      {{"constraint", "double_condensing"}},
      {{"constraint", "min_column_heterogeneity"}},
      {{"constraint", "max_independence_trend"}},
      {{"constraint", "expression"}, {"expression", "effective_columns > 1.5"}},
      {{"constraint", "expression"}, {"expression", "column_independence > 0.3"}},
  };
  return rules;
}

void expect_same_verdicts(const Architecture& net, const Architecture& other, const std::string& what) {
  for (const json& rule : structural_rules()) {
    const constraints::Verdict a = judge(rule, net);
    const constraints::Verdict b = judge(rule, other);
    EXPECT_EQ(a.satisfied, b.satisfied) << what << "\n" << a.message << "\n" << b.message;
    EXPECT_EQ(a.measured, b.measured) << what << "\n" << a.message << "\n" << b.message;
    EXPECT_EQ(a.violation, b.violation) << what << "\n" << a.message << "\n" << b.message;
  }
}

/// A few columns of several kinds that are downsampled one by one and meet now and then.
Architecture random_columns(Rng& rng) {
  Sketch net(32);
  const std::vector<Column> kinds = {separable_column(3, 2), separable_column(5, 1), conv_column(2), conv_column(1),
                                     dc_ac_column(1)};
  const int count = 2 + below(rng, 3);
  const int width = 8 * (1 + below(rng, 2));
  int v = net.conv(0, 16, 3);
  if (below(rng, 2) == 0) v = net.blur(v);
  std::vector<int> columns;
  for (int c = 0; c < count; ++c) columns.push_back(net.pointwise(v, width));
  for (int stage = 0; stage < 3; ++stage) {
    for (int& column : columns) {
      column = kinds[static_cast<std::size_t>(below(rng, static_cast<int>(kinds.size())))](net, column);
      if (below(rng, 3) == 0) column = net.conv(column, width, 3, 1, below(rng, 2) == 0 ? 4 : width);
    }
    switch (below(rng, 4)) {
      case 0: {
        const int sum = net.add(Add{}, columns);
        for (int& column : columns) column = net.add(Add{}, {column, sum});
        break;
      }
      case 1: {
        const int mixed = net.pointwise(net.add(Concat{}, columns), count * width);
        for (int c = 0; c < count; ++c) {
          columns[static_cast<std::size_t>(c)] = net.add(Split{c * width, (c + 1) * width}, mixed);
        }
        break;
      }
      case 2: {  // all columns as groups of one
        int joined = net.add(Concat{}, columns);
        joined = net.conv(net.depthwise(joined, 3), count * width, 1, 1, count);
        for (int c = 0; c < count; ++c) {
          columns[static_cast<std::size_t>(c)] = net.add(Split{c * width, (c + 1) * width}, joined);
        }
        break;
      }
      default:
        break;
    }
    for (int& column : columns) column = net.blur(column);
  }
  return net.finish(net.pointwise(net.add(Concat{}, columns), 32));
}

struct NamedChances {
  const char* name;
  Rewriter::Chances chances;
};

const NamedChances kKinds[] = {
    {"groups as branches", {.groups = 100}}, {"splits and concats", {.split = 30}}, {"joint operators", {.joint = 40}},
    {"identities", {.identities = 30}},      {"dead branches", {.dead = 15}},       {"all at once", Rewriter::all(15)},
};

TEST(Rewrites, NeverChangeAVerdictOrAMeasuredValue) {
  Rng rng(13);
  for (int i = 0; i < 240; ++i) {
    const Architecture net =
        i % 2 == 0 ? random_columns(rng) : RandomArchitecture(rng, 32, 20 + below(rng, 60)).build();
    const NamedChances& kind = kKinds[static_cast<std::size_t>(i / 2) % std::size(kKinds)];
    const Architecture other = rewritten(net, rng, kind.chances);
    expect_same_verdicts(net, disguised(other, rng), "network " + std::to_string(i) + ", " + kind.name);
  }
}

TEST(Rewrites, DoNotChangeVerdictsOnPublishedNetworks) {
  Rng rng(17);
  for (const Architecture& net : {heterogeneous_columns(), dc_ac_trunk(), googlenet(true), shufflenet_v2(),
                                  zoo::zoo_network("mixnet-s"), zoo::zoo_network("efficientnet-b0")}) {
    for (const NamedChances& kind : kKinds) expect_same_verdicts(net, rewritten(net, rng, kind.chances), kind.name);
  }
}

TEST(Rewrites, RandomColumnsAreOftenColumns) {  // else the first test would say little
  Rng rng(13);
  int columnar = 0;
  for (int i = 0; i < 100; ++i) columnar += judge({{"constraint", "columnar"}}, random_columns(rng)).satisfied ? 1 : 0;
  EXPECT_GT(columnar, 20);
  EXPECT_LT(columnar, 95);
}

}  // namespace
}  // namespace gensynth::rules
