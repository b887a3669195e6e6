#pragma once

#include "runtime/drawing/layout.hpp"

namespace gensynth::drawing {

/// One route per link of the diagram, in its order. Needs boxes and rows.
std::vector<Route> make_routes(const Diagram& diagram, const Drawing& layout);

}  // namespace gensynth::drawing
