#pragma once

#include <vector>

#include "generator/distribution/generator.hpp"

namespace gensynth::distribution {

struct PrototypeOptions {
  /// The target for the geometric mean of the probabilities of the prototypes' answers.
  double probability = 0.7;
  /// The target for the mean share of the nearest prototype's answers that a sample gives, too. It is lower than the
  /// probability of one answer, because a sample that answers "block" differently is not asked what depends on it.
  double shared = 0.55;
  double step = 0.5;
  int steps = 200;  ///< at most: prototypes that contradict each other cannot all become likely
};

/// The Δθ_G that makes a generator begin near given networks, as generative synthesis begins at a prototype
/// (arXiv:1809.05989, section 3): gradient steps on the mean logarithm of their probability, until both targets are
/// reached, so that samples share most answers with one of them and still vary. Empty without prototypes. Throws Error
/// for a genotype that is not of the generator's space.
GeneratorDelta begin_at(const Generator& generator, const std::vector<space::Genotype>& prototypes,
                        const PrototypeOptions& options = {});

}  // namespace gensynth::distribution
