#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace gensynth {

/// Height and width.
struct Pair {
  int h = 1;
  int w = 1;
  bool operator==(const Pair&) const = default;
};

enum class ActivationKind { relu, relu6, hard_swish, hard_sigmoid, sigmoid, silu, gelu, prelu, tanh };
enum class PoolKind { max, average };
enum class ResizeMode { nearest, bilinear };

// There is one plain struct for each operator. A new one is added to `Operator` below; every std::visit that must
// handle it then fails to compile until it does. Spatial operators work on feature maps (C, H, W); batch is always 1.

/// The network's input; exactly one, vertex 0.
struct Input {
  bool operator==(const Input&) const = default;
};

/// Convolution with symmetric zero padding. Weights (out, in / groups, kh, kw); depthwise when groups == in.
/// Output extent: floor((extent + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.
struct Convolution {
  int out_channels = 1;
  Pair kernel{1, 1};
  Pair stride{1, 1};
  Pair padding{0, 0};
  Pair dilation{1, 1};
  int groups = 1;
  bool bias = false;
  bool operator==(const Convolution&) const = default;
};

/// Per channel: weight, bias (counted) and running mean, variance (buffers, not counted).
struct BatchNorm {
  double eps = 1e-5;
  bool operator==(const BatchNorm&) const = default;
};

/// Normalises over channels at each place (of a map, a token set or a vector); weight and bias per channel.
struct LayerNorm {
  double eps = 1e-5;
  bool operator==(const LayerNorm&) const = default;
};

/// `prelu` has one learned slope per channel; no other kind has parameters.
struct Activation {
  ActivationKind kind = ActivationKind::relu;
  bool operator==(const Activation&) const = default;
};

struct Pool {
  PoolKind kind = PoolKind::max;
  Pair kernel{2, 2};
  Pair stride{2, 2};
  Pair padding{0, 0};
  bool ceil_mode = false;
  bool count_include_pad = false;  ///< average only
  bool operator==(const Pool&) const = default;
};

/// Fixed binomial low-pass filter, depthwise, reflect padding, then subsampling (Zhang 2019, arXiv:1904.11486).
/// taps 2: [1,1], 3: [1,2,1], 5: [1,4,6,4,1], outer product normalised to sum 1. Output extent ceil(extent /
/// stride); pads (taps - 1) / 2 before and taps / 2 after. No learned values.
struct BlurPool {
  int taps = 3;
  int stride = 2;
  bool operator==(const BlurPool&) const = default;
};

/// Mean over all places: map (C, H, W) -> (C, 1, 1); tokens -> vector of C.
struct GlobalPool {
  bool operator==(const GlobalPool&) const = default;
};

/// Changes the spatial extent. One input: multiplied by `scale` (>= 1). Two inputs (scale == 0): to the height
/// and width of the second, whose values are not read.
struct Resize {
  ResizeMode mode = ResizeMode::nearest;
  int scale = 0;
  bool operator==(const Resize&) const = default;
};

/// Sum / product of two or more inputs of equal channels; an extent of 1x1 is broadcast.
struct Add {
  bool operator==(const Add&) const = default;
};
struct Multiply {
  bool operator==(const Multiply&) const = default;
};

/// Joins along channels, in port order.
struct Concat {
  bool operator==(const Concat&) const = default;
};

/// One part of a channel split: channels [begin, end).
struct Split {
  int begin = 0;
  int end = 1;
  bool operator==(const Split&) const = default;
};

/// Channels (groups, C / groups) -> transposed -> flattened (ShuffleNet, arXiv:1707.01083).
struct ChannelShuffle {
  int groups = 2;
  bool operator==(const ChannelShuffle&) const = default;
};

/// Matrix over channels: vector -> vector, or each token -> token. A map must be (C, 1, 1) and becomes a vector.
struct Linear {
  int out_features = 1;
  bool bias = true;
  bool operator==(const Linear&) const = default;
};

/// Map (C, H, W) -> tokens. `patch` p x p groups the places: p*p sets of (H/p)(W/p) tokens of width C
/// (MobileViT's unfold, arXiv:2110.02178); H and W must be multiples of the patch.
struct ToTokens {
  Pair patch{1, 1};
  bool operator==(const ToTokens&) const = default;
};

/// The inverse of ToTokens; the second input gives height and width, its values are not read.
struct FromTokens {
  Pair patch{1, 1};
  bool operator==(const FromTokens&) const = default;
};

/// Softmax attention over the tokens of each set, with input projection to 3C and output projection C -> C.
struct MultiHeadAttention {
  int heads = 1;
  bool qkv_bias = true;
  bool operator==(const MultiHeadAttention&) const = default;
};

/// Attention over channels (XCiT, arXiv:2106.09681): C/heads x C/heads maps of l2-normalised q, k; a learned
/// temperature per head; projections as above.
struct CrossCovarianceAttention {
  int heads = 1;
  bool qkv_bias = true;
  bool operator==(const CrossCovarianceAttention&) const = default;
};

/// Adds a learned position code (EdgeNeXt, arXiv:2206.10589): 2 * hidden sine and cosine features of the place,
/// a biased 1x1 projection to C.
struct PositionalEncoding {
  int hidden = 32;
  bool operator==(const PositionalEncoding&) const = default;
};

/// A learned factor per channel (layer scale), or one for all.
struct Scale {
  bool per_channel = true;
  double initial = 1.0;
  bool operator==(const Scale&) const = default;
};

/// All zeros, of the input's shape (the `none` of cell spaces).
struct Zero {
  bool operator==(const Zero&) const = default;
};

/// Identity at inference.
struct Dropout {
  double rate = 0.2;
  bool operator==(const Dropout&) const = default;
};

using Operator = std::variant<Input, Convolution, BatchNorm, LayerNorm, Activation, Pool, BlurPool, GlobalPool, Resize,
                              Add, Multiply, Concat, Split, ChannelShuffle, Linear, ToTokens, FromTokens,
                              MultiHeadAttention, CrossCovarianceAttention, PositionalEncoding, Scale, Zero, Dropout>;

/// std::visit with lambdas: std::visit(Overloaded{[](const Add&) {...}, ...}, op).
template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

/// The layout of a tensor. `map`: (channels, height, width). `tokens`: `height` sets of `width` tokens of `channels`.
/// `vector`: channels only (height = width = 1).
enum class Layout : std::uint8_t { map, tokens, vector };

struct Shape {
  Layout layout = Layout::map;
  int channels = 1;
  int height = 1;
  int width = 1;
  std::int64_t elements() const { return std::int64_t{channels} * height * width; }
  bool operator==(const Shape&) const = default;
};

std::string to_string(const Shape& shape);      ///< "[24, 56, 56]", "tokens[4, 196, 96]", "[1000]"
const char* operator_name(const Operator& op);  ///< the "op" of the JSON format, such as "convolution"
const char* to_string(ActivationKind kind);     ///< "relu", "hard_swish", ...
const char* to_string(PoolKind kind);           ///< "max", "average"
const char* to_string(ResizeMode mode);         ///< "nearest", "bilinear"

/// The shape of the output. Throws Error that names the shapes that do not fit (the caller adds the vertex).
Shape infer_shape(const Operator& op, const std::vector<Shape>& inputs);

}  // namespace gensynth
