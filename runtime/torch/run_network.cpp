#include "runtime/torch/run_network.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include "runtime/torch/network.hpp"

namespace gensynth::libtorch {

std::vector<std::vector<float>> run_network(const Architecture& architecture, const Weights& weights,
                                            const std::vector<std::vector<float>>& inputs, const std::string& device) {
  const c10::NoGradGuard no_gradients;
  Network network(architecture, 1, device);
  network.load(weights);
  network.train(false);
  const Shape& shape = architecture.shape(architecture.input());
  std::vector<std::vector<float>> outputs;
  for (const std::vector<float>& input : inputs) {
    at::Tensor images = at::empty({1, shape.channels, shape.height, shape.width}, at::kFloat);
    std::copy(input.begin(), input.end(), images.data_ptr<float>());
    const at::Tensor result = network.forward(images.to(device)).to(at::kCPU).to(at::kFloat).contiguous();
    const float* values = result.data_ptr<float>();
    outputs.emplace_back(values, values + result.numel());
  }
  return outputs;
}

}  // namespace gensynth::libtorch
