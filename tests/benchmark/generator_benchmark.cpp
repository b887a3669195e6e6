// The hot paths of proposing: walking a space, drawing a genotype, building its network.
#include <benchmark/benchmark.h>

#include <vector>

#include "generator/columnar/columnar_space.hpp"
#include "generator/distribution/generator.hpp"

namespace gensynth {
namespace {

/// Genotypes whose networks have about 300 vertices.
const std::vector<space::Genotype>& typical_genotypes(const space::SearchSpace& space) {
  static const std::vector<space::Genotype> genotypes = [&] {
    std::vector<space::Genotype> result;
    Rng rng(1);
    while (result.size() < 32) {
      space::Genotype genotype = space.sample(rng);
      const int vertices = space.build(genotype).size();
      if (vertices >= 280 && vertices <= 320) result.push_back(std::move(genotype));
    }
    return result;
  }();
  return genotypes;
}

void columnar_walk(benchmark::State& state) {
  const columnar::ColumnarSpace space;
  const std::vector<space::Genotype>& genotypes = typical_genotypes(space);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(space.contains(genotypes[i++ % genotypes.size()]));
}
BENCHMARK(columnar_walk);

void columnar_build(benchmark::State& state) {
  const columnar::ColumnarSpace space;
  const std::vector<space::Genotype>& genotypes = typical_genotypes(space);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(space.build(genotypes[i++ % genotypes.size()]).size());
}
BENCHMARK(columnar_build);

void columnar_mutate(benchmark::State& state) {
  const columnar::ColumnarSpace space;
  const std::vector<space::Genotype>& genotypes = typical_genotypes(space);
  Rng rng(1);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(space.mutate(genotypes[i++ % genotypes.size()], 1, rng).size());
}
BENCHMARK(columnar_mutate);

void generator_sample(benchmark::State& state) {
  const columnar::ColumnarSpace space;
  distribution::Generator generator(space);
  for (const space::Genotype& genotype : typical_genotypes(space)) generator.apply(generator.gradient(genotype, 0.1));
  std::uint64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(generator.sample(seed++).size());
}
BENCHMARK(generator_sample);

}  // namespace
}  // namespace gensynth
