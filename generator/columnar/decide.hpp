#pragma once

#include <string>
#include <vector>

#include "generator/columnar/options.hpp"
#include "generator/columnar/plan.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::columnar {

/// Asks every question of the space, left to right, and returns what the answers say. Does not allocate beyond the
/// name of the decision at hand.
NetworkPlan decide(const Options& options, space::Chooser& chooser);

/// What each choice of a decision means. Throws Error for a decision that is not of this space.
std::vector<std::string> labels(const Options& options, const space::Decision& decision);

/// log10 of the number of genotypes, exact.
double log10_size(const Options& options);

}  // namespace gensynth::columnar
