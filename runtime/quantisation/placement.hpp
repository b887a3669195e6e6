#pragma once

#include <set>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::quantisation {

/// How a vertex of a quantised network is computed.
struct Place {
  bool integer = false;  ///< in 8-bit integers; otherwise in float32
  bool stored = false;   ///< its result is rounded to int8
  bool fused = false;    ///< its result is not stored: the ReLU that alone reads it is computed with it
  std::string reason;    ///< why it is not computed in integers
};

/// By vertex of a folded network. `keep`: ids of vertices that stay in float32. Throws Error for an id that is none,
/// with the nearest one, and for a vertex that only moves values.
std::vector<Place> placement(const Architecture& network, const std::set<std::string>& keep = {});

/// Whether the result consists of values of the input, or of means of them, so that it has the input's encoding.
bool keeps_encoding(const Architecture& network, int vertex);

}  // namespace gensynth::quantisation
