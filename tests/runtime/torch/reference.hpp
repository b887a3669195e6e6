#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/base/random.hpp"
#include "architecture/weights.hpp"

namespace gensynth::libtorch::reference {

/// One image's values with their shape, in the layout's own order: map (C, H, W), tokens (sets, tokens, C).
struct Values {
  Shape shape;
  std::vector<double> data;

  explicit Values(const Shape& s) : shape(s), data(static_cast<std::size_t>(s.elements())) {}
  double& operator()(int a, int b, int c) { return data[place(a, b, c)]; }
  double operator()(int a, int b, int c) const { return data[place(a, b, c)]; }
  /// By channel and place (y, x), or (set, token), whatever the layout.
  double& at(int c, int y, int x) { return shape.layout == Layout::tokens ? (*this)(y, x, c) : (*this)(c, y, x); }
  double at(int c, int y, int x) const { return const_cast<Values*>(this)->at(c, y, x); }

 private:
  std::size_t place(int a, int b, int c) const {
    const bool tokens = shape.layout == Layout::tokens;
    const int second = tokens ? shape.width : shape.height, third = tokens ? shape.channels : shape.width;
    return (static_cast<std::size_t>(a) * static_cast<std::size_t>(second) + static_cast<std::size_t>(b)) *
               static_cast<std::size_t>(third) +
           static_cast<std::size_t>(c);
  }
};

/// The whole network in inference mode by plain loops, written from the definitions in architecture/operators.hpp.
std::vector<Values> run(const Architecture& architecture, const Weights& weights, const Values& image);

}  // namespace gensynth::libtorch::reference
