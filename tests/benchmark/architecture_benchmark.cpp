// The first steps of a search with every candidate: building, counting, hashing.
#include <benchmark/benchmark.h>

#include <nlohmann/json.hpp>

#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/serialize.hpp"

namespace gensynth {
namespace {

/// A typical candidate of about `vertices` vertices: convolution, batch norm, activation, with a sum now and then.
Architecture typical(int vertices) {
  ArchitectureBuilder builder("typical", Shape{Layout::map, 3, 224, 224});
  const Convolution stem{.out_channels = 16, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}};
  int v = builder.add(stem, builder.input(), Placement{0, 0, 0, Role::stem});
  int block = 0;
  while (builder.size() + 10 <= vertices) {
    const Placement place{block / 8, block % 2, block, Role::embedding};
    const int channels = builder.shape(v).channels;
    const int residual = v;
    v = builder.add(Convolution{.out_channels = channels * 3}, v, place);
    v = builder.add(BatchNorm{}, v, place);
    v = builder.add(Activation{ActivationKind::relu}, v, place);
    v = builder.add(
        Convolution{.out_channels = channels * 3, .kernel = {3, 3}, .padding = {1, 1}, .groups = channels * 3}, v,
        place);
    v = builder.add(BatchNorm{}, v, place);
    v = builder.add(Activation{ActivationKind::relu}, v, place);
    v = builder.add(Convolution{.out_channels = channels}, v, place);
    v = builder.add(BatchNorm{}, v, place);
    v = builder.add(Add{}, {v, residual}, place);
    if (++block % 6 == 0) v = builder.add(BlurPool{}, v, place);
  }
  v = builder.add(GlobalPool{}, v);
  return builder.build(builder.add(Linear{1000}, v));
}

void BM_Build(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(typical(static_cast<int>(state.range(0))));
}
BENCHMARK(BM_Build)->Arg(100)->Arg(300);

void BM_Cost(benchmark::State& state) {
  const Architecture net = typical(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(cost(net));
}
BENCHMARK(BM_Cost)->Arg(100)->Arg(300);

void BM_CanonicalHash(benchmark::State& state) {
  const Architecture net = typical(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(canonical_hash(net));
}
BENCHMARK(BM_CanonicalHash)->Arg(100)->Arg(300);

/// Shapes, cost and hash together.
void BM_Candidate(benchmark::State& state) {
  for (auto _ : state) {
    const Architecture net = typical(static_cast<int>(state.range(0)));
    benchmark::DoNotOptimize(cost(net));
    benchmark::DoNotOptimize(canonical_hash(net));
  }
}
BENCHMARK(BM_Candidate)->Arg(100)->Arg(300);

void BM_Isomorphic(benchmark::State& state) {
  const Architecture net = typical(static_cast<int>(state.range(0)));
  const Architecture other = typical(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(isomorphic(net, other));
}
BENCHMARK(BM_Isomorphic)->Arg(300);

void BM_AtResolution(benchmark::State& state) {
  const Architecture net = typical(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(net.at_resolution(192));
}
BENCHMARK(BM_AtResolution)->Arg(300);

void BM_FoldStructure(benchmark::State& state) {
  const Architecture net = typical(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(fold(net));
}
BENCHMARK(BM_FoldStructure)->Arg(300);

void BM_WriteText(benchmark::State& state) {
  const Architecture net = typical(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(to_text(net));
}
BENCHMARK(BM_WriteText)->Arg(300);

void BM_ReadJson(benchmark::State& state) {
  const nlohmann::json file = nlohmann::json::parse(to_text(typical(static_cast<int>(state.range(0)))));
  for (auto _ : state) benchmark::DoNotOptimize(architecture_from_json(file, "benchmark"));
}
BENCHMARK(BM_ReadJson)->Arg(300);

}  // namespace
}  // namespace gensynth
