#pragma once

#include <vector>

#include "architecture/architecture.hpp"
#include "runtime/probe/probe.hpp"

namespace gensynth::explanation {

/// Response of a vertex with weights (or attention) in the probe, and its cost.
struct VertexCredit {
  int vertex = 0;
  /// Share of the sum of responses over all vertices listed. A response is the first-order change of the loss if the
  /// output were removed (Molchanov et al. 2017, arXiv:1611.06440): saliency times the square root of the number of
  /// output values, since their contributions have either sign. Large maps have no advantage, and layers in series are
  /// equal.
  double response = 0;
  double dead = 0;  ///< share of channels that do not vary
  double params = 0, macs = 0;
  double params_share = 0, macs_share = 0;  ///< of the network's
  bool idle = false;
};

/// A vertex is idle when its response is below this part of an equal share...
constexpr double kIdleResponse = 0.1;
/// ... or at least this share of its channels is dead.
constexpr double kIdleDead = 0.5;

/// Convolutions, linear and attention layers, the least responsive first. Throws Error when the
/// probe contains a vertex that the network does not have.
std::vector<VertexCredit> credit_vertices(const Architecture& network, const probe::ProbeResult& probe);

}  // namespace gensynth::explanation
