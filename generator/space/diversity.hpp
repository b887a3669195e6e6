#pragma once

#include <vector>

#include "generator/space/search_space.hpp"

namespace gensynth::space {

/// How different genotypes are: the share of decisions, of all that one of a pair asks, in which the two differ (one
/// that only one of them asks counts as different), averaged over pairs. 0 of equal ones, and of fewer than two.
double diversity(const SearchSpace& space, const std::vector<Genotype>& genotypes);

}  // namespace gensynth::space
