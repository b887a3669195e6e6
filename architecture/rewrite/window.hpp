#pragma once

#include "architecture/operators.hpp"

namespace gensynth {

/// One axis of a sliding window: `kernel` taps, `dilation` apart, moved by `stride` over `in` places with `padding`
/// more before and after, at `out` positions.
struct WindowAxis {
  int in = 1;
  int out = 1;
  int kernel = 1;
  int stride = 1;
  int padding = 0;
  int dilation = 1;
};

/// Taps that meet the map at one position or more. The others read padding only: of a 3-tap window with dilation 101
/// on 32 places one tap counts, and of any window on one place.
int useful_taps(const WindowAxis& axis);

/// Taps that meet the map at a quarter of the positions or more: what a window sees of the map but for its border. A
/// tap of a 3-tap window with dilation 31 on 32 padded places meets the map once.
int frequent_taps(const WindowAxis& axis);

/// Places of the map that some tap meets at some position.
int places_read(const WindowAxis& axis);
/// The same for resizing by whole or fractional factors (half-pixel centres; bilinear without a wider filter).
int places_read(ResizeMode mode, int in, int out);
/// The same for the reflect-padded blur.
int places_read(const BlurPool& op, int in, int out);

WindowAxis height_axis(const Convolution& op, const Shape& in, const Shape& out);
WindowAxis width_axis(const Convolution& op, const Shape& in, const Shape& out);
WindowAxis height_axis(const Pool& op, const Shape& in, const Shape& out);
WindowAxis width_axis(const Pool& op, const Shape& in, const Shape& out);

/// Useful taps of a vertex with this operator by axis; 1x1 for operators without a window.
Pair useful_taps(const Operator& op, const Shape& in, const Shape& out);
/// Frequent taps of a convolution by axis.
Pair frequent_taps(const Convolution& op, const Shape& in, const Shape& out);
/// Places read by axis; all places for operators that skip none by their kind.
Pair places_read(const Operator& op, const Shape& in, const Shape& out);

}  // namespace gensynth
