#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth {

// The builder and Architecture share these functions; other folders do not use them.

/// "vertex 'stem' (convolution)".
std::string vertex_text(const Vertex& vertex);

/// " (inputs 'a' [8, 4, 4], 'b' [8, 2, 2])" for two or more inputs, else "".
std::string inputs_text(const std::vector<std::string>& names, const std::vector<Shape>& shapes);

/// Throws Error unless a network can read it: a feature map within the limits on channels and extents.
void check_input_shape(const Shape& shape);

}  // namespace gensynth
