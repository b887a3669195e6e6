#include "inquisitor/features/description.hpp"

#include "architecture/base/random.hpp"
#include "architecture/refinement.hpp"
#include "inquisitor/features/features.hpp"
#include "inquisitor/features/path_features.hpp"

namespace gensynth::features {

TokenCounts decision_tokens(const space::SearchSpace& space, const space::Genotype& genotype) {
  TokenCounts tokens;
  const std::vector<space::Decision> asked = space.decisions(genotype);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const space::Decision& decision = asked[i];
    if (decision.choices < 2) continue;
    const std::uint64_t name = derive_seed(0, 0, decision.name);
    const auto answer = static_cast<std::uint64_t>(genotype[i]);
    // Sums of absolute differences: an ordinal pair differs in its steps, whose weights sum to 2; a nominal pair
    // differs in two tokens of weight 1; a missing decision differs in its own token and that of the answer.
    if (decision.ordinal) {
      const float step = 2.0F / static_cast<float>(decision.choices - 1);
      for (std::uint64_t level = 1; level <= answer; ++level) tokens.emplace_back(mix(name, level), step);
    } else {
      tokens.emplace_back(mix(name, ~answer), 1.0F);
    }
    tokens.emplace_back(name, 1.0F);
  }
  return counted(std::move(tokens));
}

Description describe(const space::SearchSpace& space, const space::Genotype& genotype,
                     const Architecture& architecture) {
  Description description;
  description.values = architecture_features(architecture);
  const std::vector<double> paths = path_features(architecture);
  description.values.insert(description.values.end(), paths.begin(), paths.end());
  description.motifs = architecture_motifs(architecture);
  description.decisions = decision_tokens(space, genotype);
  return description;
}

}  // namespace gensynth::features
