#pragma once

#include <vector>

#include "generator/space/search_space.hpp"

namespace gensynth::space {

/// The diversity of a set of genotypes: the share of decisions in which two genotypes differ, averaged over all pairs.
/// A decision that only one of the two has counts as different. 0 for equal genotypes and for fewer than two.
double diversity(const SearchSpace& space, const std::vector<Genotype>& genotypes);

}  // namespace gensynth::space
