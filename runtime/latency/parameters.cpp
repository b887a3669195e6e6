#include "runtime/latency/parameters.hpp"

namespace gensynth {

const std::array<ParameterInfo, kParameters>& parameter_infos() {
  static const std::array<ParameterInfo, kParameters> infos{{
      {"pointwise_rate", "MAC/cycle", "1x1 convolutions and products of activations on one core, far from any bound",
       0.01, 64, 0.4},
      {"convolution_rate", "MAC/cycle", "dense k x k convolutions on one core, without Winograd's saving", 0.01, 64,
       0.4},
      {"winograd_gain", "ratio", "MACs saved by Winograd's algorithm in 3x3 stride-1 convolutions; 1 = not used", 1, 5,
       0.3},
      {"winograd_weights", "ratio", "transformed over plain weights in those convolutions", 1, 8, 0.3},
      {"depthwise_rate", "MAC/cycle", "depthwise taps on one core", 0.001, 64, 0.4},
      {"depthwise_output", "cycle/element", "depthwise cost of an output element whatever the kernel", 0.001, 1000,
       0.7},
      {"depthwise_stride", "ratio", "cost of a strided depthwise output over an unstrided one", 0.5, 8, 0.3},
      {"grouped_rate", "MAC/cycle", "grouped convolutions on one core, before the shape factors", 0.001, 64, 0.6},
      {"group_overhead", "cycle",
       "fixed cost of each group of a grouped or depthwise convolution, where a runtime starts them one by one", 0.01, 1e7,
       0.8, true},
      {"linear_rate", "MAC/cycle", "a matrix times one vector, with weights in cache", 0.01, 64, 0.5},
      {"reduction_half", "elements", "length of the sums at which a product of matrices runs at half its rate", 0.01,
       500, 0.8},
      {"channels_half", "channels", "output channels at which a product of matrices runs at half its rate", 0.01, 500,
       0.8},
      {"pixels_half", "places", "output places at which a product of matrices runs at half its rate", 0.01, 2000, 0.8},
      {"elementwise_rate", "element/cycle", "simple arithmetic on elements: add, multiply, clamp", 0.001, 64, 0.6},
      {"slow_math_rate", "element/cycle", "exponentials: sigmoid, silu, gelu, tanh, softmax", 0.0005, 64, 0.6},
      {"pool_rate", "tap/cycle", "pooling and resizing", 0.001, 64, 0.6},
      {"cache_bandwidth", "B/cycle", "bytes a core moves through its caches", 0.05, 64, 0.5},
      {"dram_bandwidth", "GB/s", "memory bandwidth of one core", 0.1, 100, 0.25},
      {"dram_thread_gain", "ratio", "growth of memory bandwidth with each further thread", 0.001, 1, 0.7},
      {"packing", "ratio", "bytes copied to lay out inputs of matrix products, over the bytes of those inputs", 0.001,
       20, 0.3},
      {"pass_channels", "channels", "output channels of a product made in one pass over its inputs", 1, 1e5, 0.6},
      {"exposed", "ratio", "share of the shorter of compute and memory time that is not hidden by the longer", 0.01, 1,
       0.6},
      {"serial", "ratio", "share of a kernel that one thread runs while the others wait (Amdahl)", 0.001, 1, 0.6},
      {"overhead", "cycle", "fixed cost of a kernel", 10, 1e7, 0.8},
      {"synchronisation", "cycle", "cost of starting and joining each further thread, for each kernel", 1, 1e7, 0.8},
      {"throttling", "ratio", "share of the clock above the device's lowest that is lost when all cores are busy",
       0.001, 1, 0.5},
  }};
  return infos;
}

}  // namespace gensynth
