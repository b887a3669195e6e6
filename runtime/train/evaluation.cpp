#include "runtime/train/evaluation.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstring>

#include "architecture/base/error.hpp"
#include "runtime/train/batches.hpp"

namespace gensynth::train {
namespace {

/// The number of images with about a million places in total, so that memory does not depend on their extent.
std::int64_t evaluation_batch(int px) {
  constexpr std::int64_t kPlaces = 1 << 20;
  return std::clamp<std::int64_t>(kPlaces / (std::int64_t{px} * px), 8, 256);
}

const char* split_name(data::Dataset::Split split) {
  switch (split) {
    case data::Dataset::Split::train:
      return "training";
    case data::Dataset::Split::holdout:
      return "hold-out";
    case data::Dataset::Split::validation:
      return "validation";
  }
  return "unknown";
}

}  // namespace

Architecture fitted(const Architecture& architecture, const data::Dataset& data) {
  const Shape& out = architecture.shape(architecture.output());
  if (out.elements() != out.channels || out.channels != data.classes()) {
    throw Error("network '" + architecture.name() + "' ends in " + to_string(out) +
                ", expected one score for each of " + std::to_string(data.classes()) + " classes (" + data.id() + ")");
  }
  const Shape& in = architecture.shape(architecture.input());
  if (in.channels != 3) {
    throw Error("network '" + architecture.name() + "' takes images of " + std::to_string(in.channels) +
                " channels, expected 3");
  }
  return in.height == data.px() && in.width == data.px() ? architecture : architecture.at_resolution(data.px());
}

at::Tensor scores(libtorch::Network& network, const at::Tensor& images) { return network.forward(images).flatten(1); }

Evaluation evaluate_network(libtorch::Network& network, const data::Dataset& data, data::Dataset::Split split) {
  const std::vector<int>& images = data.split(split);
  if (images.empty()) throw Error(data.id() + ": no " + split_name(split) + " images to evaluate on");
  const c10::InferenceMode inference;
  const Normalizer normalizer(data);
  const std::int64_t px = data.px();
  const std::int64_t batch = evaluation_batch(data.px());
  const auto total = static_cast<std::int64_t>(images.size());
  double loss = 0;
  std::int64_t right5 = 0;
  std::vector<std::int64_t> seen(static_cast<std::size_t>(data.classes()), 0), right(seen);  // by class
  network.train(false);
  for (std::int64_t begin = 0; begin < total; begin += batch) {
    const std::int64_t count = std::min(batch, total - begin);
    at::Tensor pixels = at::empty({count, px, px, 3}, at::kFloat);
    at::Tensor labels = at::empty({count}, at::kLong);
    for (std::int64_t i = 0; i < count; ++i) {
      const int image = images[static_cast<std::size_t>(begin + i)];
      normalizer.apply(data.pixels(image), pixels.data_ptr<float>() + i * px * px * 3, px);
      labels.data_ptr<std::int64_t>()[i] = data.label(image);
    }
    const at::Tensor out = scores(network, pixels.permute({0, 3, 1, 2})).to(at::kCPU);
    loss += at::cross_entropy_loss(out, labels, {}, at::Reduction::Sum).item<double>();
    const std::int64_t most = std::min<std::int64_t>(5, out.size(1));
    const at::Tensor hits = std::get<1>(at::topk(out, most, 1)).eq(labels.unsqueeze(1));
    const at::Tensor first = hits.select(1, 0).contiguous();
    for (std::int64_t i = 0; i < count; ++i) {
      const auto label = static_cast<std::size_t>(labels.data_ptr<std::int64_t>()[i]);
      ++seen[label];
      right[label] += first.data_ptr<bool>()[i] ? 1 : 0;
    }
    right5 += hits.sum().item<std::int64_t>();
  }
  network.train(true);
  const auto count = static_cast<double>(total);
  std::int64_t right1 = 0;
  double recalls = 0;
  int present = 0;
  for (std::size_t label = 0; label < seen.size(); ++label) {
    right1 += right[label];
    if (seen[label] == 0) continue;
    recalls += static_cast<double>(right[label]) / static_cast<double>(seen[label]);
    ++present;
  }
  return {100 * static_cast<double>(right1) / count, 100 * static_cast<double>(right5) / count, loss / count,
          100 * recalls / present};
}

Evaluation evaluate(const Architecture& architecture, const Weights& weights, const data::Dataset& data,
                    data::Dataset::Split split, const std::string& device) {
  libtorch::Network network(fitted(architecture, data), 0, device);
  network.load(weights);
  return evaluate_network(network, data, split);
}

}  // namespace gensynth::train
