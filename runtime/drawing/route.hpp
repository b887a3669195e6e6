#pragma once

#include "runtime/drawing/layout.hpp"

namespace gensynth::drawing {

/// One route for each link of the diagram, in its order. The layout must have boxes and rows.
std::vector<Route> make_routes(const Diagram& diagram, const Drawing& layout);

}  // namespace gensynth::drawing
