#pragma once

#include <string>

#include "architecture/architecture.hpp"

namespace gensynth::drawing {

/// Graphviz. Columns as clusters, operators with their attributes and output shapes.
std::string to_dot(const Architecture& architecture);

/// A self-contained SVG: stages as bands from top to bottom, columns as lanes, links between columns
/// drawn apart, DC-AC blocks as modules with condenser (orange), embedding (yellow) and expansion (blue) as in
/// the paper's figure 1. Without placements the lanes come from a layering of the graph.
std::string to_svg(const Architecture& architecture);

}  // namespace gensynth::drawing
