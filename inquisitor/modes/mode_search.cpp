#include "inquisitor/modes/mode_search.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gensynth::modes {
namespace {

/// Shares of the children that are samples of the generator and crossovers of two modes; the others are mutations.
constexpr double kSampled = 0.03;
constexpr double kCrossed = 0.15;
/// The share of the parents that is the best mode; the others are drawn with a preference for good ones.
constexpr double kFromBest = 0.4;

std::size_t draw_parent(std::size_t count, Rng& rng) {
  if (uniform01(rng) < kFromBest) return 0;
  const double u = uniform01(rng);
  return std::min(count - 1, static_cast<std::size_t>(u * u * static_cast<double>(count)));
}

/// 1 for half of the mutations, 2 for a quarter, and so on to at most 6: leaving a local optimum may need several
/// decisions at once.
int draw_mutations(Rng& rng) {
  int count = 1;
  while (count < 6 && below(rng, 2) == 0) ++count;
  return count;
}

}  // namespace

ModeSearch::ModeSearch(const space::SearchSpace& space, ModeSearchOptions options)
    : space_(space), options_(options), best_(space, options.modes), young_(space, options.modes) {}

space::Genotype ModeSearch::child(const ModeArchive& parents, const distribution::Generator& generator,
                                  Rng& rng) const {
  const std::vector<Mode>& modes = parents.modes();
  if (modes.empty() || uniform01(rng) < kSampled) return generator.sample(rng());
  const space::Genotype& parent = modes[draw_parent(modes.size(), rng)].genotype;
  if (modes.size() > 1 && uniform01(rng) < kCrossed) {
    return space_.crossover(parent, modes[draw_parent(modes.size(), rng)].genotype, rng);
  }
  return space_.mutate(parent, draw_mutations(rng), rng);
}

void ModeSearch::advance(ModeArchive& population, const distribution::Generator& generator, const Evaluate& evaluate,
                         Rng& rng) {
  std::vector<space::Genotype> children;
  for (int i = 0; i < options_.batch; ++i) children.push_back(child(population, generator, rng));
  const std::vector<std::optional<double>> values = evaluate(children);
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (values[i]) population.add(children[i], *values[i]);
  }
}

void ModeSearch::reevaluate(const Evaluate& evaluate) {
  for (ModeArchive* population : {&best_, &young_}) {
    std::vector<space::Genotype> genotypes;
    for (const Mode& mode : population->modes()) genotypes.push_back(mode.genotype);
    const std::vector<std::optional<double>> values = evaluate(genotypes);
    population->clear();
    for (std::size_t i = 0; i < genotypes.size(); ++i) {
      if (values[i]) population->add(genotypes[i], *values[i]);
    }
  }
}

void ModeSearch::run(int evaluations, const distribution::Generator& generator, const Evaluate& evaluate, Rng& rng) {
  bool young = false;
  for (int done = 0; done < evaluations; done += options_.batch) {
    advance(young ? young_ : best_, generator, evaluate, rng);
    if (young) {
      age_ += options_.batch;
      if (age_ >= options_.epoch) {
        for (const Mode& mode : young_.modes()) best_.add(mode.genotype, mode.value);
        young_.clear();
        age_ = 0;
      }
    }
    young = !young;
  }
}

nlohmann::json ModeSearch::state() const { return {{"best", best_.state()}, {"young", young_.state()}, {"age", age_}}; }

void ModeSearch::restore(const nlohmann::json& state) {
  best_.restore(state.at("best"));
  young_.restore(state.at("young"));
  age_ = state.at("age").get<int>();
}

}  // namespace gensynth::modes
