#pragma once

#include <string>

#include "architecture/architecture.hpp"
#include "generator/columnar/options.hpp"
#include "generator/columnar/plan.hpp"

namespace gensynth::columnar {

/// Builds the network of a plan: stem, stages with their transitions, head. Every plan that `decide` returns builds.
Architecture assemble(const Options& options, const NetworkPlan& plan, const std::string& name);

}  // namespace gensynth::columnar
