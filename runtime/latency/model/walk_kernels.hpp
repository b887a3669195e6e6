#pragma once

// The body of walk_kernels; include runtime/latency/fusion.hpp.

#include <algorithm>
#include <type_traits>

#include "runtime/latency/model/map_order.hpp"

namespace gensynth::latency::model {
namespace detail {

inline Kernel simple_kernel(KernelClass kernel_class, double in, double out, double operations) {
  Kernel kernel;
  kernel.kernel_class = kernel_class;
  kernel.elements_in = in;
  kernel.elements_out = out;
  kernel.operations = operations;
  return kernel;
}

inline Kernel matmul_kernel(int groups, int rows, int reduction, int columns) {
  Kernel kernel;
  kernel.kernel_class = KernelClass::matmul;
  kernel.groups = groups;
  kernel.pixels = rows;
  kernel.reduction = reduction;
  kernel.channels = columns;
  kernel.macs = double(groups) * rows * reduction * columns;
  kernel.elements_in = double(groups) * reduction * (double(rows) + columns);
  kernel.elements_out = double(groups) * rows * columns;
  return kernel;
}

/// Softmax attention: project to 3C, scores, softmax, weighted sum, project. Cross-covariance attention does the same
/// with channels and tokens exchanged, on normalised queries and keys.
template <class Emit>
void attention_kernels(int channels, int heads, int sets, int tokens, bool across_channels, Emit&& emit) {
  const int width = channels / heads;
  const int rows = across_channels ? width : tokens;
  const int depth = across_channels ? tokens : width;
  emit(latency::model::detail::linear_kernel(channels, 3 * channels, sets * tokens));
  if (across_channels) {
    const double elements = 2.0 * channels * sets * tokens;
    emit(latency::model::detail::simple_kernel(KernelClass::normalisation, elements, elements, 2 * elements));
  }
  emit(latency::model::detail::matmul_kernel(sets * heads, rows, depth, rows));
  const double scores = double(sets) * heads * rows * rows;
  Kernel softmax = latency::model::detail::simple_kernel(KernelClass::softmax, scores, scores, scores);
  softmax.slow_math = true;
  emit(softmax);
  emit(latency::model::detail::matmul_kernel(sets * heads, rows, rows, depth));
  emit(latency::model::detail::linear_kernel(channels, channels, sets * tokens));
}

}  // namespace detail

template <class OnKernel, class OnFused>
void walk_kernels(const FoldedView& network, const Fusion& fusion, OnKernel&& on_kernel, OnFused&& on_fused) {
  using detail::Open;
  using detail::simple_kernel;
  struct State {
    int base = 0;  // the vertex that names the kernel
    latency::model::detail::Open open = latency::model::detail::Open::nothing;
  };
  std::vector<State> states(static_cast<std::size_t>(network.size()));
  detail::MapOrders orders(network, fusion.channel_block);
  for (int v = 0; v < network.size(); ++v) {
    if (network.is_folded(v)) continue;
    State& state = states[static_cast<std::size_t>(v)];
    state.base = v;
    const Shape& out = network.shape(v);
    const double size = static_cast<double>(out.elements());
    const auto inputs = network.inputs(v);
    const int first = inputs.begin() == inputs.end() ? v : *inputs.begin();
    const Shape& in = network.shape(first);
    const double size_in = static_cast<double>(in.elements());
    const State before = states[static_cast<std::size_t>(first)];
    const bool alone = network.out_degree(first) == 1;
    bool entered = false;  // orders know this vertex
    bool plain = false;
    const auto reordered = [&](int u) {
      const Shape& shape = network.shape(u);
      const double elements = static_cast<double>(shape.elements());
      const int blocks = (shape.channels + fusion.channel_block - 1) / fusion.channel_block;
      on_kernel(v, latency::model::detail::simple_kernel(
                       KernelClass::copy, elements, elements,
                       static_cast<double>(blocks) * fusion.channel_block * shape.height * shape.width));
    };
    const auto emit = [&](Kernel kernel) {
      if (fusion.channel_block > 1) {
        if (!entered) plain = orders.enter(v, reordered);
        entered = true;
        kernel.plain = plain;
      }
      on_kernel(v, kernel);
    };
    const auto join = [&](latency::model::detail::Open open) {
      state = {before.base, open};
      if (fusion.channel_block > 1) orders.join(v, first);
      on_fused(v, before.base);
    };
    const auto all_inputs = [&] {
      double sum = 0;
      for (const int u : inputs) sum += static_cast<double>(network.shape(u).elements());
      return sum;
    };
    const auto per_channel = [&](double learned, double operations) {
      Kernel kernel =
          latency::model::detail::simple_kernel(KernelClass::normalisation, size_in, size, operations * size);
      kernel.weights = learned * out.channels;
      return kernel;
    };

    std::visit(
        Overloaded{
            [&](const Input&) { on_fused(v, v); },
            [&](const Convolution& op) {
              emit(detail::convolution_kernel(op, in, out));
              state.open = latency::model::detail::Open::all;
            },
            [&](const Linear& op) {
              emit(detail::linear_kernel(in.channels, op.out_features, static_cast<int>(size / op.out_features)));
              state.open = latency::model::detail::Open::all;
            },
            [&](const BatchNorm&) {
              if (fusion.batch_norm && alone && before.open == latency::model::detail::Open::all)
                return join(latency::model::detail::Open::all);
              emit(per_channel(2, 1));
              state.open = fusion.after_elementwise ? latency::model::detail::Open::activation
                                                    : latency::model::detail::Open::nothing;
            },
            [&](const Scale&) {
              if (fusion.batch_norm && alone && before.open == latency::model::detail::Open::all)
                return join(latency::model::detail::Open::all);
              emit(per_channel(1, 1));
            },
            [&](const LayerNorm&) { emit(per_channel(2, 4)); },
            [&](const Activation& op) {
              if (fusion.composed[static_cast<std::size_t>(op.kind)]) {
                Kernel gate = latency::model::detail::simple_kernel(KernelClass::activation, size_in, size, size);
                gate.slow_math = detail::has_exponential(op.kind);
                emit(gate);
                emit(latency::model::detail::simple_kernel(KernelClass::multiply, 2 * size, size, size));
                return;
              }
              if (alone && before.open != latency::model::detail::Open::nothing &&
                  fusion.activations[static_cast<std::size_t>(op.kind)]) {
                return join(latency::model::detail::Open::nothing);
              }
              Kernel kernel = latency::model::detail::simple_kernel(KernelClass::activation, size_in, size,
                                                                    detail::element_operations(op.kind) * size);
              kernel.slow_math = detail::has_exponential(op.kind);
              emit(kernel);
            },
            [&](const Pool& op) {
              Kernel kernel = latency::model::detail::simple_kernel(
                  KernelClass::pool, size_in, size, size * op.kernel.h * static_cast<double>(op.kernel.w));
              kernel.strided = op.stride.h > 1 || op.stride.w > 1;
              kernel.groups = out.channels;
              emit(kernel);
            },
            [&](const BlurPool& op) {
              Kernel kernel = latency::model::detail::simple_kernel(KernelClass::blur, size_in, size, 0);
              kernel.taps = static_cast<std::uint8_t>(op.taps * op.taps);
              kernel.groups = out.channels;
              kernel.strided = op.stride > 1;
              kernel.operations = size * kernel.taps;
              kernel.groups = out.channels;
              kernel.pixels = out.height * out.width;
              if (fusion.blur_as_pad_and_depthwise) {
                Kernel pad = latency::model::detail::simple_kernel(KernelClass::copy, size_in, size_in, 0);
                pad.groups = in.channels;
                pad.rows = static_cast<double>(in.channels) * in.height;
                emit(pad);
              }
              emit(kernel);
            },
            [&](const GlobalPool&) {
              emit(latency::model::detail::simple_kernel(KernelClass::global_pool, size_in, size, size_in));
            },
            [&](const Resize& op) {
              const bool same = in.height == out.height && in.width == out.width;
              if (same) return join(latency::model::detail::Open::nothing);
              Kernel kernel = latency::model::detail::simple_kernel(KernelClass::resize, size_in, size,
                                                                    size * (op.mode == ResizeMode::bilinear ? 4 : 1));
              kernel.groups = out.channels;
              kernel.gathered =
                  op.mode == ResizeMode::nearest && (out.height % in.height != 0 || out.width % in.width != 0);
              emit(kernel);
            },
            [&](const Add&) {
              Kernel kernel = latency::model::detail::simple_kernel(KernelClass::add, all_inputs(), size, 0);
              kernel.operations = size * (network.in_degree(v) - 1);
              if (fusion.add && alone && before.open == latency::model::detail::Open::all) {
                // Done while the convolution's result is at hand: only the other operand is read.
                kernel.elements_in -= size_in;
                kernel.elements_out = 0;
                kernel.launches = 0;
              } else {
                kernel.launches = std::max(1, network.in_degree(v) - 1);
              }
              emit(kernel);
              state.open = fusion.after_elementwise || kernel.launches == 0 ? latency::model::detail::Open::activation
                                                                            : latency::model::detail::Open::nothing;
            },
            [&](const Multiply&) {
              Kernel kernel = latency::model::detail::simple_kernel(KernelClass::multiply, all_inputs(), size, 0);
              kernel.operations = size * (network.in_degree(v) - 1);
              kernel.launches = std::max(1, network.in_degree(v) - 1);
              emit(kernel);
              state.open = fusion.after_elementwise ? latency::model::detail::Open::activation
                                                    : latency::model::detail::Open::nothing;
            },
            [&](const Concat&) { emit(latency::model::detail::simple_kernel(KernelClass::concat, size, size, 0)); },
            [&](const Split&) { emit(latency::model::detail::simple_kernel(KernelClass::split, size, size, 0)); },
            [&](const ChannelShuffle&) {
              Kernel kernel = latency::model::detail::simple_kernel(KernelClass::shuffle, size, size, 0);
              kernel.rows = out.channels;
              emit(kernel);
            },
            [&](const ToTokens&) { emit(latency::model::detail::simple_kernel(KernelClass::copy, size, size, 0)); },
            [&](const FromTokens&) { emit(latency::model::detail::simple_kernel(KernelClass::copy, size, size, 0)); },
            [&](const MultiHeadAttention& op) {
              detail::attention_kernels(out.channels, op.heads, out.height, out.width, false, emit);
            },
            [&](const CrossCovarianceAttention& op) {
              detail::attention_kernels(out.channels, op.heads, out.height, out.width, true, emit);
            },
            [&](const PositionalEncoding&) {
              // The code depends on the extent alone: a constant of the exported network, one sum at run time.
              Kernel kernel = latency::model::detail::simple_kernel(KernelClass::add, size_in, size, size);
              kernel.weights = size;
              emit(kernel);
            },
            [&](const Zero&) {
              emit(latency::model::detail::simple_kernel(KernelClass::activation, size_in, size, size));
            },
            [&](const Dropout&) { join(before.open); },
        },
        network.op(v));
  }
}

}  // namespace gensynth::latency::model
