#pragma once

#include <vector>

#include "generator/space/search_space.hpp"

namespace gensynth::space {

/// Mean over pairs of genotypes of the share of decisions in which the two differ, among all decisions that at least
/// one of them has; a decision that only one has counts as different. 0 for fewer than two genotypes.
double diversity(const SearchSpace& space, const std::vector<Genotype>& genotypes);

}  // namespace gensynth::space
