#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/random.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "runtime/tflite/verify.hpp"
#include "runtime/tflite/writer.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/run_network.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/companion/messages.hpp"
#include "search/run/network_ref.hpp"
#include "search/worker/agreement.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

constexpr int kInputs = 4;

/// Random images: what the network sees, (C, H, W), and what the file is given, a batch as one input.
struct Stimuli {
  std::vector<std::vector<float>> seen;
  std::vector<std::vector<float>> given;
  std::vector<std::vector<std::uint8_t>> given_bytes;
};

Stimuli draw_images(const Shape& shape, const tflite::Options& options, std::uint64_t seed) {
  Stimuli stimuli;
  Rng rng(derive_seed(seed, 0, "verify"));
  const auto places = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  for (int input = 0; input < kInputs; ++input) {
    std::vector<float> given;
    for (int i = 0; i < options.batch; ++i) {
      std::vector<float> image(static_cast<std::size_t>(shape.elements()));
      const bool normalised = options.input == tflite::ImageInput::normalised;
      for (float& value : image) {
        value = static_cast<float>(normalised ? standard_normal(rng) : below(rng, 256) / 255.0);
      }
      const std::vector<float> last = tflite::channels_last(image, shape);
      given.insert(given.end(), last.begin(), last.end());
      for (std::size_t j = 0; !normalised && j < image.size(); ++j) {
        image[j] = (image[j] - options.mean[j / places]) / options.deviation[j / places];
      }
      stimuli.seen.push_back(std::move(image));
    }
    auto& bytes = stimuli.given_bytes.emplace_back();
    if (options.input == tflite::ImageInput::uint8) {
      for (const float value : given) bytes.push_back(static_cast<std::uint8_t>(std::lround(value * 255)));
    }
    stimuli.given.push_back(std::move(given));
  }
  return stimuli;
}

/// The outputs of LibTorch, in the order of the file.
std::vector<std::vector<float>> expected_outputs(const Architecture& net, const Weights& weights,
                                                 const Stimuli& stimuli, const tflite::Options& options) {
  const Folded folded = tflite::deployed(net, weights, options.precision);
  const auto single = libtorch::run_network(folded.architecture, folded.weights, stimuli.seen);
  std::vector<std::vector<float>> outputs(kInputs);
  for (std::size_t i = 0; i < single.size(); ++i) {
    const auto values = tflite::channels_last(single[i], net.shape(net.output()));
    auto& batch = outputs[i / static_cast<std::size_t>(options.batch)];
    batch.insert(batch.end(), values.begin(), values.end());
  }
  return outputs;
}

}  // namespace

void run_tflite_task(const nlohmann::json& json, companion::Reply& reply) {
  const companion::TfliteRequest request = companion::tflite_request_from_json(json);
  const tflite::Options& options = request.options;
  const run::NetworkRef named = run::resolve_network(request.network);
  const Architecture net = request.px > 0 ? named.architecture.at_resolution(request.px) : named.architecture;
  const Weights weights =
      named.weights.empty() ? initial_weights(net, request.seed) : weights::read_safetensors(named.weights);
  check_weights(net, weights, named.weights.empty() ? "initial weights" : named.weights);
  libtorch::set_up_torch_process();

  const std::string bytes = tflite::model(net, weights, options);
  const TemporaryFolder scratch("tflite_export");
  const std::string written = scratch.file("model.tflite");
  write_file_atomically(written, bytes);
  const Stimuli stimuli = draw_images(net.shape(net.input()), options, request.seed);
  companion::ExportResult result;
  const auto run = options.input == tflite::ImageInput::uint8
                       ? tflite::run(written, stimuli.given_bytes, result.not_verified)
                       : tflite::run(written, stimuli.given, result.not_verified);
  if (run) {
    const auto expected = expected_outputs(net, weights, stimuli, options);
    result.largest_difference = check_agreement(expected, run->outputs, run->runtime, request.out);
    result.runtime = run->runtime;
    result.inputs = static_cast<int>(expected.size());
    result.accelerated = run->accelerated;
  }
  write_file_atomically(request.out, bytes);
  reply.result(to_json(result));
}

}  // namespace gensynth::worker
