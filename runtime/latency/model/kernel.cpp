#include "runtime/latency/model/kernel.hpp"

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

}  // namespace gensynth::latency::model
