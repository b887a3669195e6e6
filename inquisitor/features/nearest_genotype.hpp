#pragma once

#include "generator/space/search_space.hpp"

namespace gensynth::features {

struct NearestGenotype {
  space::Genotype genotype;
  /// Root mean square difference of the standardised features, plus the share of motifs that is not common: 0 when the
  /// networks are alike in all that a surrogate sees of them.
  double distance = 0;
  bool exact = false;    ///< it builds the very network, confirmed by isomorphism
  double at_random = 0;  ///< median distance of random networks of the space, for comparison
};

struct NearestOptions {
  int samples = 96;  ///< random genotypes to standardise over and to start from
  int starts = 2;    ///< descents from the best of them; further ones start from changes of the best found
  int looks = 5000;  ///< budget: networks built
};

/// The genotype of a space whose network is most like a given one: descents over one decision after the other, begun
/// anew with some decisions changed until the network itself is found, nothing nearer comes or the budget is used up.
/// The network should have an input and a number of classes that the space builds, or nothing is exact. Deterministic
/// given the random generator passed; runs on the TBB pool.
NearestGenotype nearest_genotype(const space::SearchSpace& space, const Architecture& network, Rng& rng,
                                 const NearestOptions& options = {});

}  // namespace gensynth::features
