#pragma once

#include <string>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"

namespace gensynth {

/// Graphviz. Columns as clusters, operators with their attributes and output shapes.
std::string to_dot(const Architecture& architecture);

/// A drawing that stands alone: stages as bands from top to bottom, columns as lanes, links between columns
/// drawn apart, DC-AC blocks as modules with condenser (orange), embedding (yellow) and expansion (blue) as in
/// the paper's figure 1. Without placements the lanes come from a layering of the graph.
std::string to_svg(const Architecture& architecture);

/// safetensors (an 8-byte length, a JSON header, data), FP32, names as in weights.hpp.
void write_safetensors(const Weights& weights, const std::string& path, const std::string& note = "");
/// Throws Error naming file, array and what was expected; never reads beyond the file.
Weights read_safetensors(const std::string& path);

}  // namespace gensynth
