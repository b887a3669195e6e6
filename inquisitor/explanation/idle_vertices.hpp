#pragma once

#include <vector>

#include "architecture/architecture.hpp"
#include "runtime/probe/probe.hpp"

namespace gensynth::explanation {

/// What a vertex with weights (or attention) answered the probe with, and what it costs.
struct VertexCredit {
  int vertex = 0;
  /// Share of the network's whole response, over all vertices listed. A response is the first-order change of the loss
  /// if the output were gone (Molchanov et al. 2017, arXiv:1611.06440): saliency times the root of the number of values
  /// put out, whose parts have either sign. So large maps have no advantage, and layers in series answer alike.
  double response = 0;
  double dead = 0;  ///< share of channels that do not vary
  double params = 0, macs = 0;
  double params_share = 0, macs_share = 0;  ///< of the network's
  bool idle = false;
};

/// A vertex is idle when it answers with less than this part of an even share...
constexpr double kIdleResponse = 0.1;
/// ... or at least so many of its channels are dead.
constexpr double kIdleDead = 0.5;

/// Convolutions, linear and attention layers, the least responsive first. Responses of vertices that the network does
/// not have are an Error.
std::vector<VertexCredit> credit_vertices(const Architecture& network, const probe::ProbeResult& probe);

}  // namespace gensynth::explanation
