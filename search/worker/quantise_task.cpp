#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/temporary_folder.hpp"
#include "runtime/data/cache_folder.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/run_rounded.hpp"
#include "search/deployment/calibrated.hpp"
#include "search/deployment/labelled.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

using deployment::Calibrated;

/// Images whose values are compared vertex by vertex.
constexpr std::size_t kCompared = 8;

/// A network in LibTorch that takes prepared images.
class PreparedClassifier : public deployment::Classifier {
 public:
  PreparedClassifier(libtorch::RoundedNetwork network, const Calibrated& calibrated,
                     const std::optional<ModelCard>& card)
      : network_(std::move(network)), calibrated_(calibrated) {
    card_ = card;
    runtime_ = "LibTorch " + libtorch::torch_version();
  }
  int px() const override { return shape(0).height; }
  int outputs() const override { return static_cast<int>(shape(calibrated_.network.network.output()).elements()); }
  std::vector<std::vector<float>> scores(const std::vector<const std::uint8_t*>& images) override {
    std::vector<std::vector<float>> result;
    for (const std::uint8_t* pixels : images) {
      result.push_back(network_.run(
          deployment::planes(pixels, px(), calibrated_.normalisation.factor, calibrated_.normalisation.shift)));
      const auto best = std::max_element(result.back().begin(), result.back().end());
      answers.push_back(static_cast<int>(best - result.back().begin()));
    }
    return result;
  }

  std::vector<int> answers;  ///< of all images so far

 private:
  const Shape& shape(int vertex) const { return calibrated_.network.network.shape(vertex); }

  libtorch::RoundedNetwork network_;
  const Calibrated& calibrated_;
};

/// Signal and noise of each vertex's result, over some images.
std::vector<companion::QuantisedVertex> compare_vertices(const Calibrated& calibrated) {
  const quantisation::QuantisedNetwork& net = calibrated.network;
  const auto size = static_cast<std::size_t>(net.network.size());
  libtorch::RoundedNetwork exact(calibrated.exact.network, calibrated.exact.weights);
  libtorch::RoundedNetwork rounded(net.network, net.weights, net.encodings);
  std::vector<double> signal(size, 0.0);
  std::vector<double> noise(size, 0.0);
  for (std::size_t i = 0; i < std::min(kCompared, calibrated.bytes.size()); ++i) {
    const std::vector<float> image =
        deployment::planes(calibrated.bytes[i].data(), net.network.shape(0).height, calibrated.normalisation.factor,
                           calibrated.normalisation.shift);
    std::vector<std::vector<float>> values(size);
    exact.run(image, [&](int vertex, const float* found, std::size_t count) {
      values[static_cast<std::size_t>(vertex)].assign(found, found + count);
    });
    rounded.run(image, [&](int vertex, const float* found, std::size_t count) {
      const auto v = static_cast<std::size_t>(vertex);
      for (std::size_t j = 0; j < count; ++j) {
        const double value = values[v][j];
        signal[v] += value * value;
        noise[v] += (value - found[j]) * (value - found[j]);
      }
    });
  }
  std::vector<companion::QuantisedVertex> vertices;
  for (int v = 1; v < net.network.size(); ++v) {
    const auto at = static_cast<std::size_t>(v);
    const double ratio = noise[at] > 0 ? 10 * std::log10(std::max(signal[at], 1e-30) / noise[at]) : companion::kExact;
    vertices.push_back({net.network[v].id, operator_name(net.network.op(v)), net.places[at].integer,
                        net.places[at].reason, std::clamp(ratio, -companion::kExact, companion::kExact)});
  }
  return vertices;
}

std::int64_t float_bytes(const Weights& weights) {
  std::int64_t bytes = 0;
  for (const auto& [name, array] : weights) bytes += 4 * static_cast<std::int64_t>(array.values.size());
  return bytes;
}

}  // namespace

void run_quantise_task(const nlohmann::json& json, companion::Reply& reply) {
  const companion::QuantiseRequest request = companion::quantise_request_from_json(json);
  libtorch::set_up_torch_process();
  companion::ExportRequest as_export{request.network, ""};
  as_export.mean = request.mean;
  as_export.deviation = request.deviation;
  const deployment::ExportSource source = deployment::trained_source(as_export);
  data::DataSpec spec = request.quantisation.data;
  spec.px = source.network.shape(0).height;
  const TemporaryFolder scratch("quantise");
  const data::Dataset data = data::Dataset::open(spec, data::cache_folder(scratch.file("cache")));
  const deployment::Chosen chosen = deployment::choose_images(data, request.split, request.own_images);
  const Calibrated calibrated = deployment::calibrated(source, request.quantisation, data);
  const quantisation::QuantisedNetwork& net = calibrated.network;

  companion::QuantiseResult result;
  result.choice = calibrated.choice;
  result.split = chosen.name;
  PreparedClassifier before({calibrated.exact.network, calibrated.exact.weights}, calibrated, source.card);
  PreparedClassifier after({net.network, net.weights, net.encodings}, calibrated, source.card);
  const auto exact = deployment::classify(before, data, chosen, request.network, result.notes);
  std::vector<std::string> same_notes;
  const auto rounded = deployment::classify(after, data, chosen, request.network, same_notes);
  result.images = exact.images();
  result.top1_before = exact.top1();
  result.top5_before = exact.top5();
  result.top1_after = rounded.top1();
  result.top5_after = rounded.top5();
  std::int64_t same = 0;
  for (std::size_t i = 0; i < before.answers.size(); ++i) same += before.answers[i] == after.answers[i] ? 1 : 0;
  result.agreement =
      100.0 * static_cast<double>(same) / static_cast<double>(std::max<std::size_t>(1, before.answers.size()));
  result.bytes_before = float_bytes(calibrated.exact.weights);
  result.bytes_after = net.weight_bytes();
  result.vertices = compare_vertices(calibrated);
  reply.result(to_json(result));
}

}  // namespace gensynth::worker
