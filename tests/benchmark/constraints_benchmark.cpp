// What judging one candidate costs: a search with a free structural filter judges 20,000 and more per second.
#include <benchmark/benchmark.h>

#include "constraints/registry.hpp"
#include "constraints/rules/columns.hpp"
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

void judge(benchmark::State& state, const nlohmann::json& entry, const Architecture& net) {
  constraints::ConstraintRegistry registry;
  const auto rule = registry.create(entry, "benchmark", "");
  const Metrics metrics;
  for (auto _ : state) benchmark::DoNotOptimize(rule->check(net, metrics));
  state.counters["vertices"] = net.size();
}

void Columns(benchmark::State& state) {
  const Architecture net = exchanging_columns(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(rules::measure_columns(net));
  state.counters["vertices"] = net.size();
}
BENCHMARK(Columns)->Arg(300)->Arg(600)->Arg(1200);

void ColumnarRule(benchmark::State& state) { judge(state, {{"constraint", "columnar"}}, heterogeneous_columns()); }
BENCHMARK(ColumnarRule);

void ColumnarRuleOnATrunk(benchmark::State& state) { judge(state, {{"constraint", "columnar"}}, resnet50(true)); }
BENCHMARK(ColumnarRuleOnATrunk);

void NoStridedPointwiseRule(benchmark::State& state) {
  judge(state, {{"constraint", "no_strided_pointwise"}}, heterogeneous_columns());
}
BENCHMARK(NoStridedPointwiseRule);

void AntiAliasedRule(benchmark::State& state) {
  judge(state, {{"constraint", "anti_aliased_downsampling"}}, heterogeneous_columns());
}
BENCHMARK(AntiAliasedRule);

}  // namespace
}  // namespace gensynth
