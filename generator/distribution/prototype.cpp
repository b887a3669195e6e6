#include "generator/distribution/prototype.hpp"

#include <algorithm>
#include <cmath>

#include "generator/distribution/delta_accumulator.hpp"

namespace gensynth::distribution {
namespace {

std::size_t open_decisions(const space::SearchSpace& space, const space::Genotype& genotype) {
  const std::vector<space::Decision> asked = space.decisions(genotype);
  const auto open = std::count_if(asked.begin(), asked.end(), [](const space::Decision& d) { return d.choices > 1; });
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, open));
}

}  // namespace

GeneratorDelta begin_at(const Generator& generator, const std::vector<space::Genotype>& prototypes,
                        const PrototypeOptions& options) {
  if (prototypes.empty()) return {};
  DeltaAccumulator taught(generator);
  const double share = 1 / static_cast<double>(prototypes.size());
  for (int step = 0; step < options.steps; ++step) {
    double log_probability = 0;  // mean over prototypes, by decision
    for (const space::Genotype& prototype : prototypes) {
      const auto open = static_cast<double>(open_decisions(generator.space(), prototype));
      log_probability += share * taught.generator().log_prob(prototype) / open;
    }
    if (log_probability >= std::log(options.probability)) break;
    GeneratorDelta delta;
    for (const space::Genotype& prototype : prototypes) {
      delta += taught.generator().gradient(prototype, options.step * share);
    }
    taught.apply(delta);
  }
  return taught.total();
}

}  // namespace gensynth::distribution
