#include "search/deployment/export_source.hpp"

#include <algorithm>
#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::deployment {
namespace {

using lowering::FileOptions;
using lowering::ImageInput;

FileOptions file_options(const companion::ExportRequest& request, const std::optional<ModelCard>& card) {
  FileOptions options;
  options.batch = request.batch;
  options.output = lowering::score_output(request.output);
  options.precision = request.precision;
  options.mean = request.mean;
  options.deviation = request.deviation;
  if (card && options.mean.empty())
    options.mean.assign(card->preprocessing.mean.begin(), card->preprocessing.mean.end());
  if (card && options.deviation.empty()) {
    options.deviation.assign(card->preprocessing.deviation.begin(), card->preprocessing.deviation.end());
  }
  const bool known = !options.mean.empty() && !options.deviation.empty();
  if (request.input.empty()) {
    options.input = known ? ImageInput::unit : ImageInput::normalised;
  } else {
    options.input = lowering::image_input(request.input);
  }
  if (options.input != ImageInput::normalised && !known) {
    throw Error(request.network + ": it is not recorded how its images are normalised; --input " +
                lowering::to_string(options.input) + " needs --mean and --std");
  }
  return options;
}

void add_card(const companion::ExportRequest& request, int px, std::optional<ModelCard> card, FileOptions& options) {
  if (!card) return;
  card->preprocessing.px = px;
  if (!request.mean.empty()) card->preprocessing.mean.assign(request.mean.begin(), request.mean.end());
  if (!request.deviation.empty())
    card->preprocessing.deviation.assign(request.deviation.begin(), request.deviation.end());
  options.metadata = card_metadata(*card);
}

std::string extents(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " x ") + part;
  return text;
}

ExportSource read_source(const companion::ExportRequest& request, const run::NetworkRef& named) {
  const int px = request.px > 0 ? request.px : named.card ? named.card->preprocessing.px : 0;
  ExportSource source{px > 0 ? named.architecture.at_resolution(px) : named.architecture, {}, {}, named.card};
  source.weights =
      named.weights.empty() ? initial_weights(source.network, request.seed) : weights::read_safetensors(named.weights);
  check_weights(source.network, source.weights, named.weights.empty() ? "initial weights" : named.weights);
  source.options = file_options(request, named.card);
  add_card(request, source.network.shape(source.network.input()).height, named.card, source.options);
  return source;
}

}  // namespace

ExportSource export_source(const companion::ExportRequest& request) {
  return read_source(request, run::resolve_network(request.network));
}

ExportSource trained_source(const companion::ExportRequest& request) {
  const run::NetworkRef named = run::resolve_network(request.network);
  if (named.weights.empty()) throw Error(request.network + ": there are no weights for it to quantise");
  return read_source(request, named);
}

Stimuli draw_images(const Shape& image, const FileOptions& options, int inputs, int batch, std::uint64_t seed) {
  Stimuli stimuli;
  Rng rng(derive_seed(seed, 0, "verify"));
  const auto places = static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
  const bool normalised = options.input == ImageInput::normalised;
  for (int input = 0; input < inputs; ++input) {
    std::vector<float>& given = stimuli.given.emplace_back();
    for (int i = 0; i < batch; ++i) {
      std::vector<float> seen(static_cast<std::size_t>(image.elements()));
      for (std::size_t j = 0; j < seen.size(); ++j) {
        const auto byte = normalised ? 0.0F : static_cast<float>(below(rng, 256));
        const float value = normalised ? static_cast<float>(standard_normal(rng)) : byte / 255;
        given.push_back(options.input == ImageInput::uint8 ? byte : value);
        seen[j] = normalised ? value : (value - options.mean[j / places]) / options.deviation[j / places];
      }
      stimuli.seen.push_back(std::move(seen));
    }
  }
  return stimuli;
}

std::vector<float> softmax(const std::vector<float>& scores) {
  std::vector<double> powers;
  double sum = 0;
  const float highest = *std::max_element(scores.begin(), scores.end());
  for (const float score : scores) sum += powers.emplace_back(std::exp(static_cast<double>(score) - highest));
  std::vector<float> result;
  for (const double power : powers) result.push_back(static_cast<float>(power / sum));
  return result;
}

void describe(const ExportSource& source, bool channels_last, companion::ExportResult& result) {
  const FileOptions& options = source.options;
  const Shape& in = source.network.shape(source.network.input());
  const std::string batch = options.batch == lowering::kAnyBatch ? "N" : std::to_string(options.batch);
  const std::string c = std::to_string(in.channels), h = std::to_string(in.height), w = std::to_string(in.width);
  const std::string size = channels_last ? extents({batch, h, w, c}) : extents({batch, c, h, w});
  const std::string rgb = in.channels == 3 ? ", RGB" : "";
  switch (options.input) {
    case ImageInput::normalised:
      result.input = "images, float32, " + size + rgb + ", normalised by the caller";
      break;
    case ImageInput::unit:
      result.input = "images, float32 from 0 to 1, " + size + rgb + "; the file normalises";
      break;
    case ImageInput::uint8:
      result.input = "images, uint8 from 0 to 255, " + size + rgb + "; the file normalises";
      break;
  }
  const std::string what =
      options.output == lowering::ScoreOutput::softmax ? ", after the softmax" : ", before the softmax";
  result.output = std::string(lowering::output_name(options.output)) + ", float32, " + batch + " x " +
                  std::to_string(source.network.shape(source.network.output()).channels) + what;
}

}  // namespace gensynth::deployment
