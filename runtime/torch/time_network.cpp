#include "runtime/torch/time_network.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include "runtime/torch/network.hpp"

namespace gensynth {

TimingSamples time_network(const Architecture& architecture, const Weights& weights, const std::vector<float>& input,
                           const TimingOptions& options) {
  set_up_torch_process();
  at::set_num_threads(options.threads);
  const c10::NoGradGuard no_gradients;
  Network network(architecture, 1);
  network.load(weights);
  network.train(false);
  const Shape& shape = architecture.shape(architecture.input());
  at::Tensor images = at::empty({1, shape.channels, shape.height, shape.width}, at::kFloat);
  std::copy(input.begin(), input.end(), images.data_ptr<float>());
  TimingSamples samples = time_repeatedly(options, [&] { network.forward(images); });
  samples.runtime = "libtorch " + torch_version();
  at::set_num_threads(1);
  return samples;
}

std::string torch_runtime_name() {
  return at::globalContext().userEnabledMkldnn() && at::globalContext().hasMKLDNN() ? "libtorch-onednn"
                                                                                    : "libtorch-native";
}

}  // namespace gensynth
