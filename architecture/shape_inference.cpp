#include <algorithm>
#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/operators.hpp"

namespace gensynth {
namespace {

// Limits that keep every count of a whole network inside 64 bits; far above any real network.
constexpr int kMaxChannels = 1 << 20;
constexpr int kMaxExtent = 1 << 15;
constexpr int kMaxWindow = 1 << 10;
constexpr double kMaxElements = 0x1p31;
constexpr double kMaxParams = 0x1p31;
constexpr double kMaxMacs = 0x1p48;

std::string text(const Pair& pair) { return std::to_string(pair.h) + "x" + std::to_string(pair.w); }

void expect_range(const char* what, int value, int low, int high) {
  if (value < low || value > high) {
    throw Error(std::string(what) + " " + std::to_string(value) + " is out of range, expected " + std::to_string(low) +
                " to " + std::to_string(high));
  }
}

void expect_range(const char* what, const Pair& value, int low, int high) {
  expect_range(what, value.h, low, high);
  expect_range(what, value.w, low, high);
}

void expect_positive(const char* what, double value) {
  if (!(value > 0) || !std::isfinite(value)) {
    throw Error(std::string(what) + " " + std::to_string(value) + " is out of range, expected a positive number");
  }
}

void expect_work(double params, double macs) {
  if (params > kMaxParams) throw Error("more than 2^31 parameters in one vertex");
  if (macs > kMaxMacs) throw Error("more than 2^48 multiply-accumulates in one vertex");
}

void expect_divides(const char* what, int divisor, const char* of, int value) {
  if (value % divisor != 0) {
    throw Error(std::string(what) + " " + std::to_string(divisor) + " does not divide the " + std::to_string(value) +
                " " + of);
  }
}

void expect_layout(const Shape& shape, Layout layout, const char* what) {
  if (shape.layout != layout) {
    static constexpr const char* kNames[] = {"a feature map", "tokens", "a vector"};
    throw Error(std::string(what) + " must be " + kNames[static_cast<int>(layout)] + ", found " + to_string(shape));
  }
}

Shape sized(Shape shape) {
  expect_range("channels", shape.channels, 1, kMaxChannels);
  expect_range("height", shape.height, 1, kMaxExtent);
  expect_range("width", shape.width, 1, shape.layout == Layout::tokens ? kMaxExtent * kMaxExtent : kMaxExtent);
  if (static_cast<double>(shape.elements()) > kMaxElements) {
    throw Error("more than 2^31 elements in the output " + to_string(shape));
  }
  return shape;
}

/// Visits one operator; the inputs' count and layout are checked before use.
struct Inference {
  const std::vector<Shape>& inputs;

  const Shape& only() const {
    if (inputs.size() != 1) throw Error("expected 1 input, found " + std::to_string(inputs.size()));
    return inputs[0];
  }
  const Shape& only(Layout layout) const {
    expect_layout(only(), layout, "the input");
    return inputs[0];
  }
  const Shape& several() const {
    if (inputs.size() < 2) throw Error("expected 2 or more inputs, found " + std::to_string(inputs.size()));
    return inputs[0];
  }
  [[noreturn]] void mismatch(std::size_t port, const char* rule) const {
    throw Error("input 0 is " + to_string(inputs[0]) + " but input " + std::to_string(port) + " is " +
                to_string(inputs[port]) + ": " + rule);
  }

  Shape operator()(const Input&) const { throw Error("the network's input has no inputs and a given shape"); }

  Shape operator()(const Convolution& op) const {
    const Shape& in = only(Layout::map);
    expect_range("out channels", op.out_channels, 1, kMaxChannels);
    expect_range("kernel", op.kernel, 1, kMaxWindow);
    expect_range("stride", op.stride, 1, kMaxWindow);
    expect_range("dilation", op.dilation, 1, kMaxWindow);
    expect_range("padding", op.padding, 0, kMaxExtent);
    expect_range("groups", op.groups, 1, kMaxChannels);
    expect_divides("groups", op.groups, "input channels", in.channels);
    expect_divides("groups", op.groups, "output channels", op.out_channels);
    const int free_h = in.height + 2 * op.padding.h - op.dilation.h * (op.kernel.h - 1) - 1;
    const int free_w = in.width + 2 * op.padding.w - op.dilation.w * (op.kernel.w - 1) - 1;
    if (free_h < 0 || free_w < 0) {
      throw Error("kernel " + text(op.kernel) +
                  (op.dilation == Pair{} ? std::string() : " with dilation " + text(op.dilation)) + " with padding " +
                  (op.padding.h == op.padding.w ? std::to_string(op.padding.h) : text(op.padding)) +
                  " does not fit in " + to_string(in));
    }
    const Shape out = sized({Layout::map, op.out_channels, free_h / op.stride.h + 1, free_w / op.stride.w + 1});
    const double window = static_cast<double>(in.channels / op.groups) * op.kernel.h * op.kernel.w;
    expect_work(window * op.out_channels, window * static_cast<double>(out.elements()));
    return out;
  }

  Shape operator()(const BatchNorm& op) const {
    expect_positive("eps", op.eps);
    if (only().layout == Layout::tokens)
      throw Error("the input must be a feature map or a vector, found " + to_string(only()));
    return only();
  }

  Shape operator()(const LayerNorm& op) const {
    expect_positive("eps", op.eps);
    return only();
  }

  Shape operator()(const Activation&) const { return only(); }

  Shape operator()(const Pool& op) const {
    const Shape& in = only(Layout::map);
    expect_range("kernel", op.kernel, 1, kMaxWindow);
    expect_range("stride", op.stride, 1, kMaxWindow);
    expect_range("padding", op.padding, 0, kMaxExtent);
    if (2 * op.padding.h > op.kernel.h || 2 * op.padding.w > op.kernel.w) {
      throw Error("padding " + text(op.padding) + " is more than half of the kernel " + text(op.kernel));
    }
    const auto extent = [&](int size, int kernel, int stride, int padding) {
      const int free = size + 2 * padding - kernel;
      if (free < 0)
        throw Error("kernel " + text(op.kernel) + " with padding " + text(op.padding) + " does not fit in " +
                    to_string(in));
      if (!op.ceil_mode) return free / stride + 1;
      const int count = (free + stride - 1) / stride + 1;
      return (count - 1) * stride >= size + padding ? count - 1 : count;  // no window lies in the padding alone
    };
    return sized({Layout::map, in.channels, extent(in.height, op.kernel.h, op.stride.h, op.padding.h),
                  extent(in.width, op.kernel.w, op.stride.w, op.padding.w)});
  }

  Shape operator()(const BlurPool& op) const {
    const Shape& in = only(Layout::map);
    if (op.taps != 2 && op.taps != 3 && op.taps != 5) {
      throw Error("taps " + std::to_string(op.taps) + " is out of range, expected 2, 3 or 5");
    }
    expect_range("stride", op.stride, 1, kMaxWindow);
    if (std::min(in.height, in.width) <= op.taps / 2) {
      throw Error(std::to_string(op.taps) + " taps with reflect padding " + std::to_string(op.taps / 2) +
                  " do not fit in " + to_string(in));
    }
    return {Layout::map, in.channels, (in.height - 1) / op.stride + 1, (in.width - 1) / op.stride + 1};
  }

  Shape operator()(const GlobalPool&) const {
    const Shape& in = only();
    if (in.layout == Layout::vector) throw Error("the input must be a feature map or tokens, found " + to_string(in));
    return {in.layout == Layout::map ? Layout::map : Layout::vector, in.channels, 1, 1};
  }

  Shape operator()(const Resize& op) const {
    if (inputs.empty() || inputs.size() > 2)
      throw Error("expected 1 or 2 inputs, found " + std::to_string(inputs.size()));
    const Shape& in = inputs[0];
    expect_layout(in, Layout::map, "the input");
    if (inputs.size() == 1) {
      if (op.scale == 0) throw Error("scale 0 needs a second input that gives height and width");
      expect_range("scale", op.scale, 1, kMaxWindow);
      return sized({Layout::map, in.channels, in.height * op.scale, in.width * op.scale});
    }
    if (op.scale != 0)
      throw Error("scale " + std::to_string(op.scale) + " and a second input are given, expected one of both");
    expect_layout(inputs[1], Layout::map, "the second input");
    return sized({Layout::map, in.channels, inputs[1].height, inputs[1].width});
  }

  Shape elementwise() const {
    Shape out = several();
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      const Shape& in = inputs[i];
      if (in == out) continue;
      const bool broadcast = in.height * in.width == 1 || out.height * out.width == 1;
      if (in.layout != out.layout || in.channels != out.channels || out.layout != Layout::map || !broadcast) {
        mismatch(i, "expected equal shapes, or equal channels and an extent of 1x1");
      }
      if (out.height * out.width == 1) out = in;
    }
    return out;
  }
  Shape operator()(const Add&) const { return elementwise(); }
  Shape operator()(const Multiply&) const { return elementwise(); }

  Shape operator()(const Concat&) const {
    Shape out = several();
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      const Shape& in = inputs[i];
      if (in.layout != out.layout || in.height != out.height || in.width != out.width) {
        mismatch(i, "expected equal extents");
      }
      out.channels += in.channels;
      expect_range("channels", out.channels, 1, kMaxChannels);
    }
    return sized(out);
  }

  Shape operator()(const Split& op) const {
    Shape out = only();
    if (op.begin < 0 || op.begin >= op.end || op.end > out.channels) {
      throw Error("channels [" + std::to_string(op.begin) + ", " + std::to_string(op.end) + ") are not a part of " +
                  to_string(out));
    }
    out.channels = op.end - op.begin;
    return out;
  }

  Shape operator()(const ChannelShuffle& op) const {
    expect_range("groups", op.groups, 1, kMaxChannels);
    expect_divides("groups", op.groups, "channels", only(Layout::map).channels);
    return only();
  }

  Shape operator()(const Linear& op) const {
    const Shape& in = only();
    expect_range("out features", op.out_features, 1, kMaxChannels);
    if (in.layout == Layout::map && (in.height != 1 || in.width != 1)) {
      throw Error("the input must be a vector, tokens or a 1x1 feature map, found " + to_string(in));
    }
    const double matrix = static_cast<double>(in.channels) * op.out_features;
    expect_work(matrix, matrix * in.height * in.width);
    if (in.layout == Layout::tokens) return sized({Layout::tokens, op.out_features, in.height, in.width});
    return {Layout::vector, op.out_features, 1, 1};
  }

  static void expect_patch(const Pair& patch, const Shape& map) {
    expect_range("patch", patch, 1, kMaxWindow);
    if (map.height % patch.h != 0 || map.width % patch.w != 0) {
      throw Error("patch " + text(patch) + " does not divide the extents of " + to_string(map));
    }
  }

  Shape operator()(const ToTokens& op) const {
    const Shape& in = only(Layout::map);
    expect_patch(op.patch, in);
    return sized(
        {Layout::tokens, in.channels, op.patch.h * op.patch.w, (in.height / op.patch.h) * (in.width / op.patch.w)});
  }

  Shape operator()(const FromTokens& op) const {
    if (inputs.size() != 2) {
      throw Error("expected 2 inputs (tokens and a feature map that gives height and width), found " +
                  std::to_string(inputs.size()));
    }
    const Shape& in = inputs[0];
    const Shape& map = inputs[1];
    expect_layout(in, Layout::tokens, "the input");
    expect_layout(map, Layout::map, "the second input");
    expect_patch(op.patch, map);
    if (in.height != op.patch.h * op.patch.w || in.width != (map.height / op.patch.h) * (map.width / op.patch.w)) {
      throw Error(to_string(in) + " with patch " + text(op.patch) + " do not fill the extents of " + to_string(map));
    }
    return {Layout::map, in.channels, map.height, map.width};
  }

  Shape attention(int heads, bool across_channels) const {
    const Shape& in = only(Layout::tokens);
    expect_range("heads", heads, 1, kMaxChannels);
    expect_divides("heads", heads, "channels", in.channels);
    const double channels = in.channels;
    const double tokens = in.width;
    const double products = across_channels ? 2 * tokens * channels * channels / heads : 2 * tokens * tokens * channels;
    expect_work(4 * channels * channels, in.height * (4 * tokens * channels * channels + products));
    return in;
  }
  Shape operator()(const MultiHeadAttention& op) const { return attention(op.heads, false); }
  Shape operator()(const CrossCovarianceAttention& op) const { return attention(op.heads, true); }

  Shape operator()(const PositionalEncoding& op) const {
    const Shape& in = only(Layout::map);
    expect_range("hidden", op.hidden, 1, kMaxWindow);
    expect_work(2.0 * op.hidden * in.channels, 2.0 * op.hidden * static_cast<double>(in.elements()));
    return in;
  }

  Shape operator()(const Scale& op) const {
    if (!std::isfinite(op.initial)) throw Error("initial value is not a finite number");
    return only();
  }

  Shape operator()(const Zero&) const { return only(); }

  Shape operator()(const Dropout& op) const {
    if (!(op.rate >= 0 && op.rate < 1)) {
      throw Error("rate " + std::to_string(op.rate) + " is out of range, expected 0 <= rate < 1");
    }
    return only();
  }
};

}  // namespace

Shape infer_shape(const Operator& op, const std::vector<Shape>& inputs) { return std::visit(Inference{inputs}, op); }

}  // namespace gensynth
