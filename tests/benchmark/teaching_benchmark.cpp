#include <benchmark/benchmark.h>
#include <oneapi/tbb/global_control.h>

#include <nlohmann/json.hpp>

#include "constraints/registry/registry.hpp"
#include "generator/make_space.hpp"
#include "inquisitor/inquisitor.hpp"

namespace gensynth {
namespace {

/// One step between two evaluations: a trial comes in, the inquisitor learns from all of them and teaches.
void teaching_step(benchmark::State& state) {
  const oneapi::tbb::global_control one_core(oneapi::tbb::global_control::max_allowed_parallelism, 1);
  const auto space = generator::make_space({{"kind", "columnar"}, {"px", 64}}, "benchmark", "/space");
  const constraints::ConstraintSet constraints = registry::ConstraintRegistry().create_all(
      nlohmann::json::parse(R"([{"constraint": "no_strided_pointwise"}])"), "benchmark", "/constraints");
  const latency::LatencyModel latency{latency::LatencyTarget{}};
  const accuracy::AccuracyModel accuracy;
  const assessment::StructuralAssessor assessor{constraints, latency, accuracy};
  const assessment::UniversalPerformance performance;
  distribution::Generator generator(*space);
  inquisitor::Inquisitor inquisitor(*space, assessor, performance);
  Rng rng(1);
  std::int64_t trials = 0;
  const auto observe = [&] {
    surrogate::Observation seen;
    seen.trial = ++trials;
    seen.genotype = generator.sample(rng());
    const assessment::Assessment assessment = assessor.assess(space->build(seen.genotype), true);
    seen.accuracy = 30 + assessment.metrics.at("depth").value / 4 + standard_normal(rng);
    seen.feasible = !assessment.rejected();
    if (seen.feasible) seen.u = performance.score(assessment.metrics, assessment.verdicts, *seen.accuracy);
    inquisitor.observe(std::move(seen));
  };
  while (trials < state.range(0)) observe();
  inquisitor.fit();
  for (auto _ : state) {
    observe();
    benchmark::DoNotOptimize(inquisitor.teach(generator, rng));
  }
}
BENCHMARK(teaching_step)->Name("teaching step, one core")->Arg(100)->Arg(2000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gensynth
