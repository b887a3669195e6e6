#include "runtime/torch/run_rounded.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include "runtime/torch/network.hpp"

namespace gensynth::libtorch {

struct RoundedNetwork::Impl {
  Network network;
  std::vector<std::optional<quantisation::Encoding>> encodings;
};

RoundedNetwork::RoundedNetwork(const Architecture& architecture, const Weights& weights,
                               std::vector<std::optional<quantisation::Encoding>> encodings)
    : impl_(new Impl{Network(architecture, 1), std::move(encodings)}) {
  impl_->network.load(weights);
  impl_->network.train(false);
}

RoundedNetwork::~RoundedNetwork() = default;
RoundedNetwork::RoundedNetwork(RoundedNetwork&&) noexcept = default;

std::vector<float> RoundedNetwork::run(const std::vector<float>& image, const VisitValues& visit) {
  const c10::NoGradGuard no_gradients;
  constexpr int kLow = -128;
  constexpr int kHigh = 127;
  const Architecture& net = impl_->network.architecture();
  const Shape& shape = net.shape(0);
  at::Tensor input = at::empty({1, shape.channels, shape.height, shape.width}, at::kFloat);
  std::copy(image.begin(), image.end(), input.data_ptr<float>());
  const at::Tensor result = impl_->network.forward(input, [&](int vertex, const at::Tensor& values) {
    const auto v = static_cast<std::size_t>(vertex);
    if (v < impl_->encodings.size() && impl_->encodings[v]) {
      // The tensor may be a view of another one, which then has the same encoding: rounding it again changes nothing.
      const quantisation::Encoding& encoding = *impl_->encodings[v];
      values.copy_(at::fake_quantize_per_tensor_affine(values, encoding.scale, encoding.zero_point, kLow, kHigh));
    }
    if (!visit) return;
    const at::Tensor flat = values.contiguous();
    visit(vertex, flat.data_ptr<float>(), static_cast<std::size_t>(flat.numel()));
  });
  const at::Tensor flat = result.contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

}  // namespace gensynth::libtorch
