#include "generator/distribution/prototype.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "generator/distribution/delta_accumulator.hpp"

namespace gensynth::distribution {
namespace {

std::size_t open_decisions(const space::SearchSpace& space, const space::Genotype& genotype) {
  const std::vector<space::Decision> asked = space.decisions(genotype);
  const auto open = std::count_if(asked.begin(), asked.end(), [](const space::Decision& d) { return d.choices > 1; });
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, open));
}

using Answers = std::unordered_map<std::string, int>;  // by name of the decision

Answers answers(const space::SearchSpace& space, const space::Genotype& genotype) {
  Answers result;
  const std::vector<space::Decision> asked = space.decisions(genotype);
  for (std::size_t d = 0; d < asked.size(); ++d) result.emplace(asked[d].name, genotype[d]);
  return result;
}

double shared_part(const Answers& wanted, const Answers& given) {
  const auto shared = std::count_if(wanted.begin(), wanted.end(), [&](const auto& answer) {
    const auto found = given.find(answer.first);
    return found != given.end() && found->second == answer.second;
  });
  return static_cast<double>(shared) / static_cast<double>(std::max<std::size_t>(1, wanted.size()));
}

/// The mean over samples of the part of the nearest prototype's answers that they give, too.
double shared_part(const Generator& generator, const std::vector<Answers>& prototypes) {
  constexpr std::uint64_t kSamples = 64;
  double sum = 0;
  for (std::uint64_t seed = 0; seed < kSamples; ++seed) {
    const Answers given = answers(generator.space(), generator.sample(seed));
    double most = 0;
    for (const Answers& wanted : prototypes) most = std::max(most, shared_part(wanted, given));
    sum += most;
  }
  return sum / kSamples;
}

}  // namespace

GeneratorDelta begin_at(const Generator& generator, const std::vector<space::Genotype>& prototypes,
                        const PrototypeOptions& options) {
  if (prototypes.empty()) return {};
  DeltaAccumulator taught(generator);
  std::vector<Answers> wanted;
  for (const space::Genotype& prototype : prototypes) wanted.push_back(answers(generator.space(), prototype));
  const double share = 1 / static_cast<double>(prototypes.size());
  for (int step = 0; step < options.steps; ++step) {
    double log_probability = 0;  // mean over prototypes, by decision
    for (const space::Genotype& prototype : prototypes) {
      const auto open = static_cast<double>(open_decisions(generator.space(), prototype));
      log_probability += share * taught.generator().log_prob(prototype) / open;
    }
    const bool likely = log_probability >= std::log(options.probability);
    if (likely && shared_part(taught.generator(), wanted) >= options.shared) break;
    GeneratorDelta delta;
    for (const space::Genotype& prototype : prototypes) {
      delta += taught.generator().gradient(prototype, options.step * share);
    }
    taught.apply(delta);
  }
  return taught.total();
}

}  // namespace gensynth::distribution
