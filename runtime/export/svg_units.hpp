#pragma once

#include "runtime/export/layout.hpp"
#include "runtime/export/svg_canvas.hpp"

namespace gensynth {

/// Draws one unit into its box.
void draw_unit(const Architecture& net, const Diagram& diagram, const Drawing& layout, int unit, SvgCanvas& canvas);

}  // namespace gensynth
