#pragma once

#include <string>
#include <vector>

#include "generator/columnar/options.hpp"
#include "generator/columnar/plan.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::columnar {

/// Asks every decision of the space in order and returns the plan that the answers describe. Allocates nothing but the
/// name of the current decision.
NetworkPlan decide(const Options& options, space::Chooser& chooser);

/// The meaning of each choice of a decision. Throws Error for a decision that is not of this space.
std::vector<std::string> labels(const Options& options, const space::Decision& decision);

/// log10 of the number of genotypes, exact.
double log10_size(const Options& options);

}  // namespace gensynth::columnar
