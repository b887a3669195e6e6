// The cost of judging one candidate: the structural checks of a search judge 20,000 and more per second.
#include <benchmark/benchmark.h>

#include "constraints/registry/registry.hpp"
#include "constraints/structure/columns.hpp"
#include "tests/constraints/networks.hpp"

namespace gensynth {
namespace {

using namespace gensynth::testing;

/// Four columns that exchange after every second block, in four stages: about `vertices` of them.
Architecture exchanging_columns(int vertices) {
  Sketch net;
  std::vector<int> v(4, net.conv(0, 16, 3, 2));
  int made = 0;
  for (int stage = 0; stage < 4; ++stage) {
    for (int& column : v) column = net.blur(column);
    for (made = net.shape(0).channels; made < vertices / 4; made += 48) {
      v = run(net, v, {separable_column(3, 2), separable_column(5, 2), dc_ac_column(1), separable_column(3, 2)});
      const std::vector<int> before = v;
      for (std::size_t c = 0; c < 4; ++c) v[c] = net.add(Add{}, {before[c], before[(c + 1) % 4]});
    }
  }
  return net.finish(net.add(Concat{}, v));
}

void judge(benchmark::State& state, const nlohmann::json& entries, const Architecture& net) {
  registry::ConstraintRegistry registry;
  const constraints::ConstraintSet rules = registry.create_all(entries, "benchmark", "");
  const Metrics metrics;
  for (auto _ : state) {
    benchmark::DoNotOptimize(rules.check(net, metrics, constraints::CostClass::graph, constraints::CostClass::graph));
  }
  state.counters["vertices"] = net.size();
}

const nlohmann::json kColumnar = {{{"constraint", "columnar"}}};
const nlohmann::json kAll = {{{"constraint", "columnar"}},
                             {{"constraint", "no_strided_pointwise"}},
                             {{"constraint", "anti_aliased_downsampling"}},
                             {{"constraint", "double_condensing"}}};

void Columns(benchmark::State& state) {
  const Architecture net = exchanging_columns(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const structure::Structure structure(net);
    benchmark::DoNotOptimize(structure.columns().independence);
  }
  state.counters["vertices"] = net.size();
}
BENCHMARK(Columns)->Arg(300)->Arg(600)->Arg(1200);

void ColumnarRule(benchmark::State& state) { judge(state, kColumnar, heterogeneous_columns()); }
BENCHMARK(ColumnarRule);

void ColumnarRuleOnATrunk(benchmark::State& state) { judge(state, kColumnar, resnet50(true)); }
BENCHMARK(ColumnarRuleOnATrunk);

// The four structural rules together, as in a search: they share one analysis.
void AllRules(benchmark::State& state) { judge(state, kAll, heterogeneous_columns()); }
BENCHMARK(AllRules);

void AllRulesOnATrunk(benchmark::State& state) { judge(state, kAll, resnet50(true)); }
BENCHMARK(AllRulesOnATrunk);

void AllRulesOnCondensers(benchmark::State& state) { judge(state, kAll, dc_ac_trunk()); }
BENCHMARK(AllRulesOnCondensers);

void AllRulesOnModules(benchmark::State& state) { judge(state, kAll, googlenet()); }
BENCHMARK(AllRulesOnModules);

}  // namespace
}  // namespace gensynth
