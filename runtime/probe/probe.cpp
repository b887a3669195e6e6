#include "runtime/probe/probe.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "runtime/torch/network.hpp"

namespace gensynth::probe {
namespace {

struct Stimulus {
  at::Tensor images;  // (N, 3, px, px), channels_last
  at::Tensor labels;  // (N)
};

Stimulus from_noise(const Shape& input, int images, int classes, Rng& rng) {
  Stimulus out{at::empty({images, input.channels, input.height, input.width}, at::kFloat),
               at::empty({images}, at::kLong)};
  float* values = out.images.data_ptr<float>();
  for (std::int64_t i = 0; i < out.images.numel(); ++i) values[i] = static_cast<float>(standard_normal(rng));
  for (int i = 0; i < images; ++i) out.labels.data_ptr<std::int64_t>()[i] = below(rng, classes);
  return out;
}

Stimulus from_data(const data::Dataset& data, int images, Rng& rng) {
  const std::vector<int>& split = data.split(data::Dataset::Split::train);
  if (split.empty()) throw Error(data.id() + ": no training images to probe with");
  float mean[3], std[3];
  data.mean_std(mean, std);
  const std::int64_t px = data.px();
  Stimulus out{at::empty({images, px, px, 3}, at::kFloat), at::empty({images}, at::kLong)};
  float* to = out.images.data_ptr<float>();
  for (int i = 0; i < images; ++i) {
    const int image = split[static_cast<std::size_t>(below(rng, static_cast<int>(split.size())))];
    const std::uint8_t* from = data.pixels(image);
    for (std::int64_t p = 0; p < px * px * 3; ++p) {
      *to++ = (static_cast<float>(from[p]) / 255 - mean[p % 3]) / std::max(std[p % 3], 1e-3F);
    }
    out.labels.data_ptr<std::int64_t>()[i] = data.label(image);
  }
  out.images = out.images.permute({0, 3, 1, 2});
  return out;
}

/// Share of channels with one value over batch and places.
double dead_share(const at::Tensor& output, Layout layout) {
  const at::Tensor by_channel = layout == Layout::tokens ? output.permute({0, 3, 1, 2}) : output;
  std::vector<std::int64_t> others{0};
  for (std::int64_t d = 2; d < by_channel.dim(); ++d) others.push_back(d);
  return at::eq(at::amax(by_channel, others), at::amin(by_channel, others)).to(at::kDouble).mean().item<double>();
}

double root_mean_square(const at::Tensor& x) {
  return x.norm().item<double>() / std::sqrt(static_cast<double>(std::max<std::int64_t>(x.numel(), 1)));
}

void describe_output(const at::Tensor& output, Layout layout, VertexResponse& response) {
  const c10::NoGradGuard no_grad;
  const at::Tensor plain = output.detach();
  response.mean = plain.mean().item<double>();
  response.deviation = plain.std(false).item<double>();
  response.dead = dead_share(plain, layout);
}

bool finite(const VertexResponse& r) {
  return std::isfinite(r.mean) && std::isfinite(r.deviation) && std::isfinite(r.gradient) && std::isfinite(r.saliency);
}

Architecture at_extent(const Architecture& architecture, int px) {
  const Shape& in = architecture.shape(architecture.input());
  return in.height == px && in.width == px ? architecture : architecture.at_resolution(px);
}

}  // namespace

ProbeResult probe(const Architecture& given, const data::Dataset* data, int images, std::uint64_t seed) {
  if (images < 2) throw Error("probe of " + std::to_string(images) + " images, expected 2 or more");
  const auto begin = std::chrono::steady_clock::now();
  const Architecture architecture = data ? at_extent(given, data->px()) : given;
  const Shape& out = architecture.shape(architecture.output());
  const auto classes = static_cast<int>(std::min<std::int64_t>(out.elements(), 1 << 20));
  if (data && data->classes() > classes) {
    throw Error("network '" + architecture.name() + "' ends in " + to_string(out) + ", expected scores for the " +
                std::to_string(data->classes()) + " classes of " + data->id());
  }
  Rng rng(derive_seed(seed, 0, "probe stimulus"));
  const Stimulus stimulus =
      data ? from_data(*data, images, rng) : from_noise(architecture.shape(0), images, classes, rng);

  libtorch::Network network(architecture, derive_seed(seed, 0, "probe weights"));
  network.reseed(derive_seed(seed, 0, "probe dropout"));
  ProbeResult result;
  result.responses.resize(static_cast<std::size_t>(architecture.size()));
  const auto visit = [&](int v, const at::Tensor& output) {
    VertexResponse& response = result.responses[static_cast<std::size_t>(v)];
    response.vertex = v;
    describe_output(output, architecture.shape(v).layout, response);
    if (!output.requires_grad()) return;
    // A hook reads each gradient during the backward pass, so that only one is kept at a time.
    const at::Tensor plain = output.detach();
    output.register_hook([&response, plain](const at::Tensor& gradient) {
      const c10::NoGradGuard no_grad;
      response.gradient = root_mean_square(gradient);
      response.saliency = at::mul(plain, gradient).abs_().mean().item<double>();
    });
  };
  const at::Tensor scores = network.forward(at::Tensor(stimulus.images).set_requires_grad(true), visit).flatten(1);
  const at::Tensor loss = at::cross_entropy_loss(scores, stimulus.labels);
  result.loss = loss.item<double>();
  if (loss.requires_grad()) loss.backward();

  double square = 0;
  for (const at::Tensor& parameter : network.parameters()) {
    if (parameter.grad().defined()) square += std::pow(parameter.grad().norm().item<double>(), 2);
  }
  result.gradient_norm = std::sqrt(square);
  result.finite = std::isfinite(result.loss) && std::isfinite(result.gradient_norm) &&
                  std::all_of(result.responses.begin(), result.responses.end(), finite);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace gensynth::probe
