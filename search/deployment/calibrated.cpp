#include "search/deployment/calibrated.hpp"

#include <algorithm>

#include "architecture/base/error.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "architecture/rewrite/fold.hpp"
#include "runtime/data/cache_folder.hpp"
#include "runtime/quantisation/equalisation.hpp"
#include "runtime/torch/run_rounded.hpp"
#include "search/deployment/agreement.hpp"

namespace gensynth::deployment {
namespace {

using quantisation::Prepared;
using quantisation::QuantisedNetwork;

/// Images on which the ways to quantise are compared.
constexpr std::size_t kCompared = 32;
/// Images that a file is verified with.
constexpr std::size_t kKept = 16;

/// Tries ways to quantise a network and keeps the best.
class Search {
 public:
  Search(Prepared exact, std::vector<std::vector<float>> images, quantisation::QuantisationOptions options)
      : plain_(std::move(exact)), images_(std::move(images)), options_(std::move(options)) {
    libtorch::RoundedNetwork network(plain_.network, plain_.weights);
    for (std::size_t i = 0; i < std::min(kCompared, images_.size()); ++i) expected_.push_back(network.run(images_[i]));
  }

  void try_calibrations(const std::vector<quantisation::Calibration>& kinds, const Weights& weights, int pairs) {
    const std::vector<quantisation::VertexStatistics> statistics = observe(weights);
    for (const quantisation::Calibration kind : kinds) {
      options_.calibration = kind;
      options_.correct_bias = true;
      attempt(statistics, weights, pairs);
    }
    if (choice.equalised_pairs != pairs) return;  // other weights are better
    options_.calibration = quantisation::calibration(choice.calibration);
    options_.correct_bias = false;
    attempt(statistics, weights, pairs);
  }

  QuantisedNetwork best;
  Weights best_weights;
  companion::QuantisationChoice choice;

 private:
  std::vector<quantisation::VertexStatistics> observe(const Weights& weights) {
    quantisation::StatisticsCollector collector(plain_.network);
    libtorch::RoundedNetwork network(plain_.network, weights);
    for (const bool first : {true, false}) {
      for (const auto& image : images_) {
        network.run(image, [&](int vertex, const float* values, std::size_t count) {
          first ? collector.first_pass(vertex, values, count) : collector.second_pass(vertex, values, count);
        });
      }
    }
    return collector.take();
  }

  void attempt(const std::vector<quantisation::VertexStatistics>& statistics, const Weights& weights, int pairs) {
    QuantisedNetwork made = quantisation::quantised(plain_.network, weights, statistics, options_);
    libtorch::RoundedNetwork network(made.network, made.weights, made.encodings);
    std::vector<std::vector<float>> found;
    for (std::size_t i = 0; i < expected_.size(); ++i) found.push_back(network.run(images_[i]));
    const double error = relative_error(expected_, found);
    if (!choice.calibration.empty() && !(error < choice.error)) return;
    choice.calibration = quantisation::to_string(options_.calibration);
    choice.equalised_pairs = pairs;
    choice.corrected = options_.correct_bias;
    choice.error = error;
    best = std::move(made);
    best_weights = weights;
  }

  Prepared plain_;
  std::vector<std::vector<float>> images_;
  quantisation::QuantisationOptions options_;
  std::vector<std::vector<float>> expected_;
};

std::vector<quantisation::Calibration> kinds_of(const std::string& word) {
  std::vector<quantisation::Calibration> kinds;
  for (const std::string& one : quantisation::calibration_words()) {
    if (word == "auto" || word == one) kinds.push_back(quantisation::calibration(one));
  }
  return kinds;
}

/// As the network that is quantised takes images, and the network.
Prepared prepare(const ExportSource& source, lowering::Normalisation& normalisation) {
  Folded folded = fold(source.network, source.weights);
  const lowering::FileOptions& options = source.options;
  if (options.input == lowering::ImageInput::normalised) {
    normalisation = lowering::normalisation_of(options, 255);
    return {std::move(folded.architecture), std::move(folded.weights)};
  }
  normalisation = {std::vector<float>(3, 1.0F / 255), std::vector<float>(3, 0.0F)};
  const lowering::Normalisation own = lowering::normalisation_of(options, 1);
  return quantisation::with_normalisation(folded.architecture, folded.weights, own.factor, own.shift);
}

void check(const ExportSource& source, const std::string& name) {
  const Shape& image = source.network.shape(0);
  if (image.layout != Layout::map || image.channels != 3 || image.height != image.width) {
    throw Error(name + ": it takes images of " + to_string(image) +
                ", expected square ones of 3 channels to calibrate");
  }
  if (source.options.mean.size() != 3 || source.options.deviation.size() != 3) {
    throw Error(name + ": it is not recorded how its images are normalised; int8 needs --mean and --std");
  }
}

}  // namespace

Calibrated calibrated(const ExportSource& source, const companion::Quantisation& request, const std::string& name) {
  check(source, name);
  data::DataSpec spec = request.data;
  spec.px = source.network.shape(0).height;
  const TemporaryFolder scratch("calibrate");
  return calibrated(source, request, data::Dataset::open(spec, data::cache_folder(scratch.file("cache"))));
}

Calibrated calibrated(const ExportSource& source, const companion::Quantisation& request, const data::Dataset& data) {
  check(source, source.network.name());
  const std::vector<int>& training = data.split(data::Dataset::Split::train);
  if (training.empty()) throw Error(data.id() + ": there are no training images to calibrate with");
  Calibrated result;
  const Prepared plain = prepare(source, result.normalisation);
  // Images of a split are sorted by class: every n-th one.
  const std::size_t count = std::min(static_cast<std::size_t>(request.images), training.size());
  const std::size_t size = static_cast<std::size_t>(data.px()) * static_cast<std::size_t>(data.px()) * 3;
  std::vector<std::vector<float>> images;
  for (std::size_t i = 0; i < count; ++i) {
    // A step that is coprime with the count mixes the classes among the first images.
    const std::size_t place = (i * 7919 % count) * training.size() / count;
    const std::uint8_t* pixels = data.pixels(training[place]);
    images.push_back(planes(pixels, data.px(), result.normalisation.factor, result.normalisation.shift));
    if (result.bytes.size() < kKept) result.bytes.emplace_back(pixels, pixels + size);
  }
  quantisation::QuantisationOptions options;
  options.keep.insert(request.keep.begin(), request.keep.end());
  if (source.options.input != lowering::ImageInput::normalised)
    options.images = quantisation::Encoding{1.0F / 255, -128};
  Search search(plain, std::move(images), options);
  const std::vector<quantisation::Calibration> kinds = kinds_of(request.calibration);
  search.try_calibrations(kinds, plain.weights, 0);
  int pairs = 0;
  const Weights weights = quantisation::equalised(plain.network, plain.weights, pairs);
  if (pairs > 0) search.try_calibrations(kinds, weights, pairs);
  result.network = std::move(search.best);
  result.exact = {plain.network, std::move(search.best_weights)};
  result.choice = search.choice;
  result.choice.images = static_cast<int>(count);
  result.choice.data = data.id();
  return result;
}

Stimuli calibration_stimuli(const Calibrated& calibrated, const lowering::FileOptions& options, int inputs) {
  Stimuli stimuli;
  const int px = calibrated.network.network.shape(0).height;
  const std::vector<float> one(3, 1.0F);
  const std::vector<float> none(3, 0.0F);
  std::size_t next = 0;
  for (int input = 0; input < inputs; ++input) {
    std::vector<float>& given = stimuli.given.emplace_back();
    for (int i = 0; i < options.batch; ++i) {
      const std::uint8_t* pixels = calibrated.bytes[next++ % calibrated.bytes.size()].data();
      stimuli.seen.push_back(planes(pixels, px, calibrated.normalisation.factor, calibrated.normalisation.shift));
      const std::vector<float> image =
          options.input == lowering::ImageInput::uint8 ? planes(pixels, px, one, none) : stimuli.seen.back();
      given.insert(given.end(), image.begin(), image.end());
    }
  }
  return stimuli;
}

CalibratedOutputs outputs_of(const Calibrated& calibrated, const Stimuli& stimuli,
                             const lowering::FileOptions& options) {
  const QuantisedNetwork& net = calibrated.network;
  const std::size_t batch = stimuli.seen.size() / stimuli.given.size();
  const auto run = [&](libtorch::RoundedNetwork network) {
    std::vector<std::vector<float>> outputs(stimuli.given.size());
    for (std::size_t i = 0; i < stimuli.seen.size(); ++i) {
      std::vector<float> values = network.run(stimuli.seen[i]);
      if (options.output == lowering::ScoreOutput::softmax) values = softmax(values);
      outputs[i / batch].insert(outputs[i / batch].end(), values.begin(), values.end());
    }
    return outputs;
  };
  return {run({calibrated.exact.network, calibrated.exact.weights}), run({net.network, net.weights, net.encodings})};
}

}  // namespace gensynth::deployment
