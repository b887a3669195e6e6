#include <benchmark/benchmark.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "architecture/hash.hpp"
#include "constraints/registry/registry.hpp"
#include "generator/make_space.hpp"
#include "generator/space/search_space.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"

namespace gensynth {
namespace {

/// All stages of a candidate without training: building, cost, structural constraints, predicted latency and accuracy,
/// canonical hash.
struct Pipeline {
  std::unique_ptr<space::SearchSpace> space =
      generator::make_space({{"kind", "columnar"}, {"px", 224}}, "benchmark", "/space");
  constraints::ConstraintSet constraints = registry::ConstraintRegistry().create_all(
      nlohmann::json::parse(R"([{"constraint": "columnar", "hard": true}, {"constraint": "no_strided_pointwise"},
                                {"constraint": "anti_aliased_downsampling", "hard": true},
                                {"constraint": "expression", "expression": "params < 4e6 and latency_ms < 100"}])"),
      "benchmark", "/constraints");
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor{constraints, latency, accuracy};
  std::vector<space::Genotype> genotypes;

  Pipeline() {
    Rng rng(1);
    for (int i = 0; i < 512; ++i) genotypes.push_back(space->sample(rng));
  }
};

const Pipeline& pipeline() {
  static const Pipeline shared;
  return shared;
}

/// Candidates are judged as a search does: the first violated hard constraint ends it.
void candidates(benchmark::State& state) {
  const Pipeline& p = pipeline();
  std::size_t next = static_cast<std::size_t>(state.thread_index()) * 128;
  for (auto _ : state) {
    const Architecture architecture = p.space->build(p.genotypes[next++ % p.genotypes.size()]);
    benchmark::DoNotOptimize(canonical_hash(architecture));
    benchmark::DoNotOptimize(p.assessor.assess(architecture).rejected_by);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(candidates)->Name("candidates without training")->Threads(1)->Threads(4)->UseRealTime();

/// As above, every stage for every candidate, whatever its verdict.
void exhaustive_candidates(benchmark::State& state) {
  const Pipeline& p = pipeline();
  std::size_t next = static_cast<std::size_t>(state.thread_index()) * 128;
  for (auto _ : state) {
    const Architecture architecture = p.space->build(p.genotypes[next++ % p.genotypes.size()]);
    benchmark::DoNotOptimize(canonical_hash(architecture));
    benchmark::DoNotOptimize(p.assessor.assess(architecture, true).rejected_by);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(exhaustive_candidates)->Name("candidates, every stage")->Threads(1)->Threads(4)->UseRealTime();

}  // namespace
}  // namespace gensynth
