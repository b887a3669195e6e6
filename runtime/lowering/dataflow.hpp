#pragma once

#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::lowering {

/// Whether the operator reads the values of its input `port`, or its shape alone.
bool reads_values(const Operator& op, int port);

/// By vertex: whether the output depends on its values. One that only gives another its extent is not needed.
std::vector<bool> needed_vertices(const Architecture& net);

}  // namespace gensynth::lowering
