#pragma once

#include <vector>

#include "generator/distribution/generator.hpp"

namespace gensynth::distribution {

struct PrototypeOptions {
  /// The target for the geometric mean of the probabilities of the prototypes' answers.
  double probability = 0.7;
  double step = 0.5;
  int steps = 200;  ///< at most: prototypes that contradict each other cannot all become likely
};

/// The Δθ_G that makes a generator begin near given networks, as generative synthesis begins at a prototype
/// (arXiv:1809.05989, section 3): gradient steps on the mean logarithm of their probability, until samples share most
/// answers with one of them and still vary. Empty without prototypes. Throws Error for a genotype that is not of the
/// generator's space.
GeneratorDelta begin_at(const Generator& generator, const std::vector<space::Genotype>& prototypes,
                        const PrototypeOptions& options = {});

}  // namespace gensynth::distribution
