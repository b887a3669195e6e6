#include "runtime/latency/model/fusion.hpp"

namespace gensynth::latency::model {

const std::array<std::string, kKernelClasses>& kernel_class_names() {
  static const std::array<std::string, kKernelClasses> names{
      "convolution", "pointwise",  "depthwise",     "grouped", "linear",   "matmul", "pool",
      "global_pool", "blur",       "resize",        "add",     "multiply", "concat", "split",
      "shuffle",     "activation", "normalisation", "softmax", "copy"};
  return names;
}

const char* to_string(KernelClass kernel_class) {
  return kernel_class_names()[static_cast<std::size_t>(kernel_class)].c_str();
}

namespace detail {

Kernel convolution_kernel(const Convolution& op, const Shape& in, const Shape& out) {
  const int taps = op.kernel.h * op.kernel.w;
  Kernel kernel;
  kernel.taps = static_cast<std::uint8_t>(std::min(taps, 255));
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

}  // namespace detail

std::vector<Kernel> kernels_of(const FoldedView& network, const Fusion& fusion) {
  std::vector<Kernel> kernels;
  walk_kernels(
      network, fusion, [&](int, const Kernel& kernel) { kernels.push_back(kernel); }, [](int, int) {});
  return kernels;
}

std::vector<Kernel> kernels_of(const Architecture& architecture, const Fusion& fusion) {
  return kernels_of(FoldedView(architecture, Form::as_given), fusion);
}

}  // namespace gensynth::latency::model
