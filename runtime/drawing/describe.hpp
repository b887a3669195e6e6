#pragma once

#include <string>

#include "architecture/architecture.hpp"

namespace gensynth::drawing {

/// Groups of operators with the same colour in drawings.
enum class Ink {
  condenser,
  embedding,
  expansion,
  gate,
  pointwise,
  spatial,    ///< dense k x k
  depthwise,  ///< depthwise or grouped k x k
  attention,
  pool,
  blur,
  resize,
  linear,
  join,   ///< add, concat, split, shuffle
  quiet,  ///< norms, activations and similar operators
};

/// The group of a vertex by its operator; with `by_role`, condensers, embeddings and expansions have the colours of
/// their role.
Ink ink(const Architecture& net, int v, bool by_role);
const char* fill_colour(Ink ink);    ///< "#rrggbb"
const char* stroke_colour(Ink ink);  ///< a darker one of the same hue
const char* ink_name(Ink ink);       ///< for a legend

/// A short description that fits in a bar: "3×3 dw /2 48".
std::string short_label(const Architecture& net, int v);
/// "conv_4: convolution 3x3, stride 2, 24 -> [48, 28, 28], 10.4 k parameters, 8.1 M MACs"; for DOT and tooltips.
std::string long_label(const Architecture& net, int v);
/// "1.23 M", "4.5 k", "12".
std::string with_prefix(double number);

std::string escape_xml(const std::string& text);
std::string escape_dot(const std::string& text);

}  // namespace gensynth::drawing
