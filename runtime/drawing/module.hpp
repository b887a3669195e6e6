#pragma once

#include <string>
#include <vector>

#include "runtime/drawing/describe.hpp"
#include "runtime/drawing/diagram.hpp"

namespace gensynth::drawing {

/// One coloured bar: an operator with its norm and activation, or several operators of one role.
struct Bar {
  Ink ink = Ink::quiet;
  std::vector<std::string> lines;  ///< of its label
  std::vector<int> vertices;
  int channels = 1;
  bool circle = false;  ///< the gate's activation
};

/// The content of a unit from top to bottom. With branches: `top`, then `left` (the gate, A) beside `right` (the
/// features, B), their product, and `bottom`.
struct Module {
  std::string title;
  std::vector<Bar> top;
  std::vector<Bar> left;
  std::vector<Bar> right;
  std::vector<Bar> bottom;
  std::vector<int> product;  ///< the multiply vertex; empty without branches
  bool residual = false;     ///< adds its own input to its result

  bool branches() const { return !product.empty(); }
};

Module make_module(const Architecture& net, const Diagram& diagram, int unit);

}  // namespace gensynth::drawing
