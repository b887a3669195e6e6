#include "runtime/latency/model/lowering.hpp"

#include <algorithm>

namespace gensynth::latency::model {
namespace {

using Kernels = std::vector<Kernel>;

double element_operations(ActivationKind kind) {
  switch (kind) {
    case ActivationKind::hard_sigmoid:
    case ActivationKind::prelu:
      return 2;  // multiply-add and clamp; compare and multiply
    case ActivationKind::hard_swish:
      return 3;  // multiply-add, clamp, multiply
    default:
      return 1;
  }
}

bool has_exponential(ActivationKind kind) {
  return kind == ActivationKind::sigmoid || kind == ActivationKind::silu || kind == ActivationKind::gelu ||
         kind == ActivationKind::tanh;
}

Kernel simple_kernel(KernelClass kernel_class, double in, double out, double operations) {
  Kernel kernel;
  kernel.kernel_class = kernel_class;
  kernel.elements_in = in;
  kernel.elements_out = out;
  kernel.operations = operations;
  return kernel;
}

Kernel matmul_kernel(int groups, int rows, int reduction, int columns) {
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

/// `learned` values for each channel, `operations` for each element.
Kernel normalisation_kernel(const Ports& ports, double learned, double operations) {
  Kernel kernel =
      simple_kernel(KernelClass::normalisation, ports.elements_in, ports.elements_out, operations * ports.elements_out);
  kernel.weights = learned * ports.out.channels;
  return kernel;
}

/// An operator with one operand for each input, element by element.
Kernel elementwise_kernel(KernelClass kernel_class, const Ports& ports) {
  Kernel kernel =
      simple_kernel(kernel_class, ports.all_inputs, ports.elements_out, ports.elements_out * (ports.inputs - 1));
  kernel.launches = std::max(1, ports.inputs - 1);
  return kernel;
}

Kernel moving_kernel(KernelClass kernel_class, const Ports& ports) {
  return simple_kernel(kernel_class, ports.elements_out, ports.elements_out, 0);
}

/// Softmax attention: project to 3C, scores, softmax, weighted sum, project. Cross-covariance attention does the same
/// with channels and tokens exchanged, on normalised queries and keys.
void lower_attention(const Ports& ports, int heads, bool across_channels, Kernels& kernels) {
  const int channels = ports.out.channels;
  const int sets = ports.out.height;
  const int tokens = ports.out.width;
  const int width = channels / heads;
  const int rows = across_channels ? width : tokens;
  const int depth = across_channels ? tokens : width;
  kernels.push_back(linear_kernel(channels, 3 * channels, sets * tokens));
  if (across_channels) {
    const double elements = 2.0 * channels * sets * tokens;
    kernels.push_back(simple_kernel(KernelClass::normalisation, elements, elements, 2 * elements));
  }
  kernels.push_back(matmul_kernel(sets * heads, rows, depth, rows));
  const double scores = double(sets) * heads * rows * rows;
  Kernel softmax = simple_kernel(KernelClass::softmax, scores, scores, scores);
  softmax.slow_math = true;
  kernels.push_back(softmax);
  kernels.push_back(matmul_kernel(sets * heads, rows, rows, depth));
  kernels.push_back(linear_kernel(channels, channels, sets * tokens));
}

void lower_one(const Input&, const Ports&, const Fusion&, Kernels&) {}

void lower_one(const Dropout&, const Ports&, const Fusion&, Kernels&) {}

void lower_one(const Convolution& op, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(convolution_kernel(op, ports.in, ports.out));
}

void lower_one(const Linear& op, const Ports& ports, const Fusion&, Kernels& kernels) {
  const int rows = static_cast<int>(ports.elements_out / op.out_features);
  kernels.push_back(linear_kernel(ports.in.channels, op.out_features, rows));
}

void lower_one(const BatchNorm&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(normalisation_kernel(ports, 2, 1));
}

void lower_one(const Scale&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(normalisation_kernel(ports, 1, 1));
}

void lower_one(const LayerNorm&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(normalisation_kernel(ports, 2, 4));
}

void lower_one(const Activation& op, const Ports& ports, const Fusion& fusion, Kernels& kernels) {
  const double size = ports.elements_out;
  const bool composed = fusion.composed[static_cast<std::size_t>(op.kind)];
  const double operations = composed ? size : element_operations(op.kind) * size;
  Kernel kernel = simple_kernel(KernelClass::activation, ports.elements_in, size, operations);
  kernel.slow_math = has_exponential(op.kind);
  kernels.push_back(kernel);
  if (composed) kernels.push_back(simple_kernel(KernelClass::multiply, 2 * size, size, size));
}

void lower_one(const Pool& op, const Ports& ports, const Fusion&, Kernels& kernels) {
  Kernel kernel = simple_kernel(KernelClass::pool, ports.elements_in, ports.elements_out,
                                ports.elements_out * op.kernel.h * static_cast<double>(op.kernel.w));
  kernel.strided = op.stride.h > 1 || op.stride.w > 1;
  kernel.groups = ports.out.channels;
  kernels.push_back(kernel);
}

void lower_one(const BlurPool& op, const Ports& ports, const Fusion& fusion, Kernels& kernels) {
  if (fusion.blur_as_pad_and_depthwise) {
    Kernel pad = simple_kernel(KernelClass::copy, ports.elements_in, ports.elements_in, 0);
    pad.groups = ports.in.channels;
    pad.rows = static_cast<double>(ports.in.channels) * ports.in.height;
    kernels.push_back(pad);
  }
  Kernel kernel = simple_kernel(KernelClass::blur, ports.elements_in, ports.elements_out, 0);
  kernel.taps = op.taps * op.taps;
  kernel.strided = op.stride > 1;
  kernel.operations = ports.elements_out * kernel.taps;
  kernel.groups = ports.out.channels;
  kernel.pixels = ports.out.height * ports.out.width;
  kernels.push_back(kernel);
}

void lower_one(const GlobalPool&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(simple_kernel(KernelClass::global_pool, ports.elements_in, ports.elements_out, ports.elements_in));
}

void lower_one(const Resize& op, const Ports& ports, const Fusion&, Kernels& kernels) {
  const bool whole = ports.out.height % ports.in.height == 0 && ports.out.width % ports.in.width == 0;
  Kernel kernel = simple_kernel(KernelClass::resize, ports.elements_in, ports.elements_out,
                                ports.elements_out * (op.mode == ResizeMode::bilinear ? 4 : 1));
  kernel.groups = ports.out.channels;
  kernel.gathered = op.mode == ResizeMode::nearest && !whole;
  kernels.push_back(kernel);
}

void lower_one(const Add&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(elementwise_kernel(KernelClass::add, ports));
}

void lower_one(const Multiply&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(elementwise_kernel(KernelClass::multiply, ports));
}

void lower_one(const Concat&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(moving_kernel(KernelClass::concat, ports));
}

void lower_one(const Split&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(moving_kernel(KernelClass::split, ports));
}

void lower_one(const ChannelShuffle&, const Ports& ports, const Fusion&, Kernels& kernels) {
  Kernel kernel = moving_kernel(KernelClass::shuffle, ports);
  kernel.rows = ports.out.channels;
  kernels.push_back(kernel);
}

void lower_one(const ToTokens&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(moving_kernel(KernelClass::copy, ports));
}

void lower_one(const FromTokens&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(moving_kernel(KernelClass::copy, ports));
}

void lower_one(const MultiHeadAttention& op, const Ports& ports, const Fusion&, Kernels& kernels) {
  lower_attention(ports, op.heads, false, kernels);
}

void lower_one(const CrossCovarianceAttention& op, const Ports& ports, const Fusion&, Kernels& kernels) {
  lower_attention(ports, op.heads, true, kernels);
}

void lower_one(const PositionalEncoding&, const Ports& ports, const Fusion&, Kernels& kernels) {
  // The code depends on the extent alone: it is a constant of the exported network, and one sum at run time.
  Kernel kernel = simple_kernel(KernelClass::add, ports.elements_in, ports.elements_out, ports.elements_out);
  kernel.weights = ports.elements_out;
  kernels.push_back(kernel);
}

void lower_one(const Zero&, const Ports& ports, const Fusion&, Kernels& kernels) {
  kernels.push_back(simple_kernel(KernelClass::activation, ports.elements_in, ports.elements_out, ports.elements_out));
}

}  // namespace

Kernel convolution_kernel(const Convolution& op, const Shape& in, const Shape& out) {
  const int taps = op.kernel.h * op.kernel.w;
  Kernel kernel;
  kernel.taps = taps;
  kernel.strided = op.stride.h > 1 || op.stride.w > 1;
  kernel.groups = op.groups;
  kernel.reduction = in.channels / op.groups * taps;
  kernel.channels = op.out_channels / op.groups;
  kernel.pixels = out.height * out.width;
  kernel.weights = static_cast<double>(op.out_channels) * kernel.reduction;
  kernel.macs = kernel.weights * kernel.pixels;
  kernel.elements_in = static_cast<double>(in.elements());
  kernel.elements_out = static_cast<double>(out.elements());
  if (taps > 1 || kernel.strided) {
    const bool dilated = op.dilation != Pair{1, 1};
    kernel.rows = static_cast<double>(kernel.pixels) * (dilated ? taps : op.kernel.h);
  }
  if (kernel.groups == in.channels && kernel.channels == 1 && op.groups > 1) {
    kernel.kernel_class = KernelClass::depthwise;
  } else if (op.groups > 1) {
    kernel.kernel_class = KernelClass::grouped;
  } else if (kernel.pixels == 1 && op.padding == Pair{0, 0}) {
    kernel.kernel_class = KernelClass::linear;
  } else if (taps == 1) {
    kernel.kernel_class = KernelClass::pointwise;
  } else {
    kernel.kernel_class = KernelClass::convolution;
    kernel.winograd = op.kernel == Pair{3, 3} && !kernel.strided && op.dilation == Pair{1, 1} && in.channels >= 16 &&
                      op.out_channels >= 16;
  }
  return kernel;
}

Kernel linear_kernel(int in_features, int out_features, int rows) {
  Kernel kernel;
  kernel.kernel_class = rows == 1 ? KernelClass::linear : KernelClass::pointwise;
  kernel.reduction = in_features;
  kernel.channels = out_features;
  kernel.pixels = rows;
  kernel.weights = static_cast<double>(in_features) * out_features;
  kernel.macs = kernel.weights * rows;
  kernel.elements_in = static_cast<double>(in_features) * rows;
  kernel.elements_out = static_cast<double>(out_features) * rows;
  return kernel;
}

void lower(const Operator& op, const Ports& ports, const Fusion& fusion, std::vector<Kernel>& kernels) {
  std::visit([&](const auto& one) { lower_one(one, ports, fusion, kernels); }, op);
}

}  // namespace gensynth::latency::model
