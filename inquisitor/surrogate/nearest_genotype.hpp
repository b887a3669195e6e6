#pragma once

#include "generator/space/search_space.hpp"

namespace gensynth::surrogate {

struct NearestGenotype {
  space::Genotype genotype;
  /// Root mean square difference of the standardised features plus one minus the overlap of motifs: 0 for networks with
  /// the same description.
  double distance = 0;
  bool exact = false;                 ///< it builds the given network, confirmed by isomorphism
  double random_median_distance = 0;  ///< median distance of random networks of the space, for comparison
};

struct NearestOptions {
  int samples = 96;            ///< random genotypes: reference of the standardisation and starting points
  int chains = 3;              ///< of simulated annealing, from the best samples
  int max_evaluations = 5000;  ///< networks built
};

/// The genotype of a space whose network is most similar to a given one: simulated annealing from the best of random
/// samples, then coordinate descents over the decisions from what it found and from mutations of the best result, until
/// the network itself is found, no descent improves any more or the budget is used up. An exact result requires an
/// input and a number of classes that the space builds. Deterministic given the random generator passed; runs on the
/// TBB pool.
NearestGenotype nearest_genotype(const space::SearchSpace& space, const Architecture& network, Rng& rng,
                                 const NearestOptions& options = {});

}  // namespace gensynth::surrogate
