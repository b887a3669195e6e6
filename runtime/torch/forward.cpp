#include "runtime/torch/forward.hpp"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>

#include "architecture/base/error.hpp"
#include "runtime/torch/blur.hpp"

namespace gensynth::libtorch {
namespace {

using Sizes = std::vector<std::int64_t>;

Sizes sizes(const Pair& pair) { return {pair.h, pair.w}; }

std::int64_t channel_dimension(Layout layout) { return layout == Layout::tokens ? 3 : 1; }

/// A per-channel array, shaped so that it broadcasts over a tensor of this layout.
at::Tensor per_channel(const at::Tensor& values, Layout layout) {
  return layout == Layout::map ? values.view({-1, 1, 1}) : values;
}

at::Tensor activate(const Activation& activation, const at::Tensor& x, const VertexTensors& held, Layout layout,
                    bool reuse, bool training) {
  // In training, only ReLU's derivative can be computed from the result, so that only there the input is overwritten.
  at::Tensor in = x;
  const bool overwrite = reuse && !training;
  switch (activation.kind) {
    case ActivationKind::relu:
      return reuse ? in.relu_() : at::relu(x);
    case ActivationKind::relu6:
      return overwrite ? in.clamp_(0, 6) : at::hardtanh(x, 0, 6);
    case ActivationKind::hard_swish:
      return overwrite ? at::hardswish_(in) : at::hardswish(x);
    case ActivationKind::hard_sigmoid:
      return overwrite ? at::hardsigmoid_(in) : at::hardsigmoid(x);
    case ActivationKind::sigmoid:
      return overwrite ? in.sigmoid_() : at::sigmoid(x);
    case ActivationKind::silu:
      return overwrite ? at::silu_(in) : at::silu(x);
    case ActivationKind::gelu:
      return at::gelu(x);
    case ActivationKind::tanh:
      return overwrite ? in.tanh_() : at::tanh(x);
    case ActivationKind::prelu:  // at::prelu would leave channels_last
      return at::clamp_min(x, 0) + per_channel(held.find("weight"), layout) * at::clamp_max(x, 0);
  }
  throw Error("activation of unknown kind");
}

at::Tensor normalise_batch(const BatchNorm& norm, const at::Tensor& x, const VertexTensors& held, bool training) {
  constexpr double kMomentum = 0.1;
  return at::batch_norm(x, held.find("weight"), held.find("bias"), held.find("running_mean"), held.find("running_var"),
                        training, kMomentum, norm.eps, true);
}

at::Tensor normalise_layer(const LayerNorm& norm, const at::Tensor& x, const VertexTensors& held, Layout layout) {
  const at::Tensor in = layout == Layout::map ? x.permute({0, 2, 3, 1}) : x;
  const at::Tensor out = at::layer_norm(in, Sizes{in.size(-1)}, held.find("weight"), held.find("bias"), norm.eps, true);
  return layout == Layout::map ? out.permute({0, 3, 1, 2}) : out;
}

at::Tensor resize(const Resize& op, const at::Tensor& x, const Shape& to) {
  const Sizes extent{to.height, to.width};
  if (op.mode == ResizeMode::nearest) return at::upsample_nearest2d(x, extent);
  return at::upsample_bilinear2d(x, extent, false);
}

at::Tensor pool(const Pool& op, const at::Tensor& x) {
  if (op.kind == PoolKind::max) {
    return at::max_pool2d(x, sizes(op.kernel), sizes(op.stride), sizes(op.padding), Sizes{1, 1}, op.ceil_mode);
  }
  return at::avg_pool2d(x, sizes(op.kernel), sizes(op.stride), sizes(op.padding), op.ceil_mode, op.count_include_pad);
}

at::Tensor shuffle(const ChannelShuffle& op, const at::Tensor& x, bool planes) {
  // Channels are moved as the last dimension, where channels_last keeps them together.
  const std::int64_t n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
  if (planes) return x.reshape({n, op.groups, c / op.groups, h, w}).transpose(1, 2).reshape({n, c, h, w});
  return x.permute({0, 2, 3, 1})
      .reshape({n, h, w, op.groups, c / op.groups})
      .transpose(-1, -2)
      .reshape({n, h, w, c})
      .permute({0, 3, 1, 2});
}

at::Tensor to_tokens(const ToTokens& op, const at::Tensor& x, const Shape& from) {
  const std::int64_t n = x.size(0), c = from.channels, rows = from.height / op.patch.h,
                     columns = from.width / op.patch.w;
  return x.reshape({n, c, rows, op.patch.h, columns, op.patch.w})
      .permute({0, 3, 5, 2, 4, 1})
      .reshape({n, op.patch.h * op.patch.w, rows * columns, c});
}

at::Tensor from_tokens(const FromTokens& op, const at::Tensor& x, const Shape& to) {
  const std::int64_t n = x.size(0), c = to.channels, rows = to.height / op.patch.h, columns = to.width / op.patch.w;
  // (N, H, W, C) memory viewed as (N, C, H, W) is channels_last without another copy.
  return x.reshape({n, op.patch.h, op.patch.w, rows, columns, c})
      .permute({0, 3, 1, 4, 2, 5})
      .reshape({n, to.height, to.width, c})
      .permute({0, 3, 1, 2});
}

at::Tensor drop(const Dropout& op, const at::Tensor& x, const ForwardMode& mode) {
  if (!mode.training || op.rate <= 0) return x;
  // The mask is drawn on the CPU from its own seed, so that it is the same on every device and after a resume.
  at::Tensor mask = at::empty(x.sizes(), x.options().device(at::kCPU));
  mask.bernoulli_(1 - op.rate, at::detail::createCPUGenerator(mode.mask_seed));
  return x * mask.div_(1 - op.rate).to(x.device());
}

template <class Join>
at::Tensor fold_inputs(const std::vector<at::Tensor>& inputs, Join join) {
  at::Tensor out = inputs.front();
  for (std::size_t i = 1; i < inputs.size(); ++i) out = join(out, inputs[i]);
  return out;
}

}  // namespace

at::Tensor VertexTensors::find(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? at::Tensor() : tensors[static_cast<std::size_t>(found - names.begin())];
}

at::Tensor forward_operator(const Operator& op, const std::vector<at::Tensor>& inputs, const VertexTensors& held,
                            const Shape& from, const Shape& to, const ForwardMode& mode) {
  const auto& in = inputs;
  return std::visit(
      Overloaded{
          [&](const Input&) -> at::Tensor { throw Error("the input is given, not computed"); },
          [&](const Convolution& c) {
            return at::conv2d(in[0], held.find("weight"), held.find("bias"), sizes(c.stride), sizes(c.padding),
                              sizes(c.dilation), c.groups);
          },
          [&](const BatchNorm& n) { return normalise_batch(n, in[0], held, mode.training); },
          [&](const LayerNorm& n) { return normalise_layer(n, in[0], held, from.layout); },
          [&](const Activation& a) { return activate(a, in[0], held, from.layout, mode.reuse_input, mode.training); },
          [&](const Pool& p) { return pool(p, in[0]); },
          [&](const BlurPool& p) { return blur_pool(in[0], p, mode.planes); },
          [&](const GlobalPool&) {
            if (from.layout == Layout::tokens) return at::mean(in[0], Sizes{1, 2}, false);
            return at::mean(in[0], Sizes{2, 3}, true);
          },
          [&](const Resize& r) { return resize(r, in[0], to); },
          [&](const Add&) {
            return fold_inputs(in, [](const at::Tensor& a, const at::Tensor& b) { return at::add(a, b); });
          },
          [&](const Multiply&) {
            return fold_inputs(in, [](const at::Tensor& a, const at::Tensor& b) { return at::mul(a, b); });
          },
          [&](const Concat&) { return at::cat(in, channel_dimension(to.layout)); },
          [&](const Split& s) { return in[0].narrow(channel_dimension(from.layout), s.begin, s.end - s.begin); },
          [&](const ChannelShuffle& s) { return shuffle(s, in[0], mode.planes); },
          [&](const Linear&) {
            const at::Tensor x = from.layout == Layout::map ? in[0].flatten(1) : in[0];
            return at::linear(x, held.find("weight"), held.find("bias"));
          },
          [&](const ToTokens& t) { return to_tokens(t, in[0], from); },
          [&](const FromTokens& t) { return from_tokens(t, in[0], to); },
          [&](const MultiHeadAttention& a) { return forward_attention(in[0], held, a.heads); },
          [&](const CrossCovarianceAttention& a) { return forward_cross_covariance(in[0], held, a.heads); },
          [&](const PositionalEncoding&) {
            const at::Tensor code = at::linear(held.constants.at(0), held.find("weight"), held.find("bias"));
            return in[0] + code.permute({2, 0, 1});
          },
          [&](const Scale& s) {
            const at::Tensor factor = held.find("weight");
            return in[0] * (s.per_channel ? per_channel(factor, from.layout) : factor);
          },
          [&](const Zero&) { return at::zeros_like(in[0]); },
          [&](const Dropout& d) { return drop(d, in[0], mode); },
      },
      op);
}

}  // namespace gensynth::libtorch
