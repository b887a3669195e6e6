#include "architecture/rewrite/window.hpp"

#include <algorithm>
#include <vector>

namespace gensynth {
namespace {

/// How many of the positions start, start + stride, ... (`count` of them) lie on the map.
int meetings(int start, int stride, int count, int in) {
  const int first = start >= 0 ? 0 : (-start + stride - 1) / stride;
  const int end = start >= in ? 0 : (in - 1 - start) / stride + 1;
  return std::max(0, std::min(end, count) - first);
}

class PlaceSet {
 public:
  explicit PlaceSet(int places) : read_(static_cast<std::size_t>(places), 0) {}
  void add(int place) {
    char& read = read_[static_cast<std::size_t>(place)];
    count_ += read == 0 ? 1 : 0;
    read = 1;
  }
  int count() const { return count_; }

 private:
  std::vector<char> read_;
  int count_ = 0;
};

}  // namespace

int useful_taps(const WindowAxis& axis) {
  const int reach = axis.dilation * (axis.kernel - 1);
  // The usual case: the first and the last tap meet the map, and a map no shorter than the stride leaves no gap.
  if (axis.stride <= axis.in && (axis.out - 1) * axis.stride >= axis.padding && reach - axis.padding < axis.in) {
    return axis.kernel;
  }
  int count = 0;
  for (int tap = 0; tap < axis.kernel; ++tap) {
    if (meetings(tap * axis.dilation - axis.padding, axis.stride, axis.out, axis.in) > 0) ++count;
  }
  return count;
}

int frequent_taps(const WindowAxis& axis) {
  int count = 0;
  for (int tap = 0; tap < axis.kernel; ++tap) {
    if (4 * meetings(tap * axis.dilation - axis.padding, axis.stride, axis.out, axis.in) >= axis.out) ++count;
  }
  return count;
}

int places_read(const WindowAxis& axis) {
  if (axis.dilation == 1 && axis.kernel >= axis.stride) {  // no gaps between windows
    const int first = std::max(0, -axis.padding);
    const int last = std::min(axis.in - 1, (axis.out - 1) * axis.stride - axis.padding + axis.kernel - 1);
    return std::max(0, last - first + 1);
  }
  PlaceSet read(axis.in);
  for (int position = 0; position < axis.out; ++position) {
    const int start = position * axis.stride - axis.padding;
    for (int tap = 0; tap < axis.kernel; ++tap) {
      const int place = start + tap * axis.dilation;
      if (place >= axis.in) break;
      if (place >= 0) read.add(place);
    }
    if (read.count() == axis.in) break;
  }
  return read.count();
}

int places_read(ResizeMode mode, int in, int out) {
  if (out >= in) return in;
  PlaceSet read(in);
  for (std::int64_t position = 0; position < out; ++position) {
    if (mode == ResizeMode::nearest) {
      read.add(static_cast<int>(position * in / out));
      continue;
    }
    // The centre (position + 1/2) in / out - 1/2, over 2 out; it is positive since in > out.
    const std::int64_t centre = (2 * position + 1) * in - out;
    const auto below = static_cast<int>(centre / (2 * std::int64_t{out}));
    read.add(below);
    if (centre % (2 * std::int64_t{out}) != 0 && below + 1 < in) read.add(below + 1);
  }
  return read.count();
}

int places_read(const BlurPool& op, int in, int out) {
  if (op.taps >= op.stride && (out - 1) * op.stride - (op.taps - 1) / 2 + op.taps >= in) return in;
  PlaceSet read(in);
  for (int position = 0; position < out; ++position) {
    for (int tap = 0; tap < op.taps; ++tap) {
      int place = position * op.stride - (op.taps - 1) / 2 + tap;
      if (place < 0) place = -place;
      if (place >= in) place = 2 * (in - 1) - place;
      read.add(std::clamp(place, 0, in - 1));
    }
  }
  return read.count();
}

WindowAxis height_axis(const Convolution& op, const Shape& in, const Shape& out) {
  return {in.height, out.height, op.kernel.h, op.stride.h, op.padding.h, op.dilation.h};
}

WindowAxis width_axis(const Convolution& op, const Shape& in, const Shape& out) {
  return {in.width, out.width, op.kernel.w, op.stride.w, op.padding.w, op.dilation.w};
}

WindowAxis height_axis(const Pool& op, const Shape& in, const Shape& out) {
  return {in.height, out.height, op.kernel.h, op.stride.h, op.padding.h, 1};
}

WindowAxis width_axis(const Pool& op, const Shape& in, const Shape& out) {
  return {in.width, out.width, op.kernel.w, op.stride.w, op.padding.w, 1};
}

Pair useful_taps(const Operator& op, const Shape& in, const Shape& out) {
  return std::visit(
      Overloaded{[&](const Convolution& conv) {
                   return Pair{useful_taps(height_axis(conv, in, out)), useful_taps(width_axis(conv, in, out))};
                 },
                 [&](const Pool& pool) {
                   return Pair{useful_taps(height_axis(pool, in, out)), useful_taps(width_axis(pool, in, out))};
                 },
                 [](const BlurPool& blur) {
                   return Pair{blur.taps, blur.taps};
                 },
                 [](const auto&) { return Pair{}; }},
      op);
}

Pair frequent_taps(const Convolution& op, const Shape& in, const Shape& out) {
  return {frequent_taps(height_axis(op, in, out)), frequent_taps(width_axis(op, in, out))};
}

Pair places_read(const Operator& op, const Shape& in, const Shape& out) {
  return std::visit(
      Overloaded{
          [&](const Convolution& conv) {
            return Pair{places_read(height_axis(conv, in, out)), places_read(width_axis(conv, in, out))};
          },
          [&](const Pool& pool) {
            return Pair{places_read(height_axis(pool, in, out)), places_read(width_axis(pool, in, out))};
          },
          [&](const BlurPool& blur) {
            return Pair{places_read(blur, in.height, out.height), places_read(blur, in.width, out.width)};
          },
          [&](const Resize& resize) {
            return Pair{places_read(resize.mode, in.height, out.height), places_read(resize.mode, in.width, out.width)};
          },
          [&](const auto&) {
            return Pair{in.height, in.width};
          }},
      op);
}

}  // namespace gensynth
