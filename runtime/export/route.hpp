#pragma once

#include "runtime/export/layout.hpp"

namespace gensynth {

/// One route per link of the diagram, in its order. Needs boxes and rows.
std::vector<Route> make_routes(const Diagram& diagram, const Drawing& layout);

}  // namespace gensynth
