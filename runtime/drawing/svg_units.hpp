#pragma once

#include "runtime/drawing/layout.hpp"
#include "runtime/drawing/svg_canvas.hpp"

namespace gensynth::drawing {

/// Draws one unit into its box.
void draw_unit(const Architecture& net, const Diagram& diagram, const Drawing& layout, int unit, SvgCanvas& canvas);

}  // namespace gensynth::drawing
