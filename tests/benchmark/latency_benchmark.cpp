// The predictors that run in the inner loop of a search.

#include <benchmark/benchmark.h>

#include "architecture/zoo/zoo.hpp"
#include "runtime/accuracy/accuracy_model.hpp"
#include "runtime/latency/latency_model.hpp"

namespace gensynth {
namespace {

const char* const kNetworks[] = {"mobilenet-v1-1", "mobilenet-v3-large-1.0", "efficientnet-b0", "hardcorenas-f"};

template <class Predict>
void run(benchmark::State& state, Predict&& predict) {
  const Architecture network = zoo::zoo_network(kNetworks[state.range(0)]);
  for (auto _ : state) benchmark::DoNotOptimize(predict(network));
  state.SetLabel(network.name() + ", " + std::to_string(network.size()) + " vertices");
}

void latency_total(benchmark::State& state) {
  const latency::LatencyModel model({});
  run(state, [&](const Architecture& a) { return model.total(a); });
}
BENCHMARK(latency_total)->DenseRange(0, 3);

void latency_estimate(benchmark::State& state) {
  const latency::LatencyModel model({});
  run(state, [&](const Architecture& a) { return model.estimate(a); });
}
BENCHMARK(latency_estimate)->DenseRange(0, 3);

void accuracy_top1(benchmark::State& state) {
  const accuracy::AccuracyModel model;
  run(state, [&](const Architecture& a) { return model.top1(a); });
}
BENCHMARK(accuracy_top1)->DenseRange(0, 3);

}  // namespace
}  // namespace gensynth
