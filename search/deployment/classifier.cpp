#include "search/deployment/classifier.hpp"

#include "architecture/base/error.hpp"
#include "runtime/lowering/file_options.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/run_network.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::deployment {
namespace {

class NetworkClassifier : public Classifier {
 public:
  explicit NetworkClassifier(const companion::EvaluateRequest& request)
      : net_(run::resolve_network(request.network)), device_(request.device) {
    if (net_.weights.empty()) throw Error(request.network + ": there are no weights for it to evaluate");
    card_ = net_.card;
    lowering::FileOptions options;
    if (card_) {
      options.mean.assign(card_->preprocessing.mean.begin(), card_->preprocessing.mean.end());
      options.deviation.assign(card_->preprocessing.deviation.begin(), card_->preprocessing.deviation.end());
      if (net_.architecture.shape(net_.architecture.input()).height != card_->preprocessing.px)
        net_.architecture = net_.architecture.at_resolution(card_->preprocessing.px);
    }
    if (!request.mean.empty()) options.mean.assign(request.mean.begin(), request.mean.end());
    if (!request.deviation.empty()) options.deviation.assign(request.deviation.begin(), request.deviation.end());
    if (options.mean.empty() || options.deviation.empty()) {
      throw Error(request.network + ": it is not recorded how its images are normalised; give --mean and --std");
    }
    options.input = lowering::ImageInput::unit;
    const Shape& image = net_.architecture.shape(net_.architecture.input());
    if (image.height != image.width || image.channels != 3) {
      throw Error(request.network + ": it takes images of " + to_string(image) +
                  ", expected square ones of 3 channels");
    }
    lowering::check_options(options, image, net_.architecture.shape(net_.architecture.output()), "evaluate");
    normalise_ = lowering::normalisation_of(options, 255);
    weights_ = weights::read_safetensors(net_.weights);
    check_weights(net_.architecture, weights_, net_.weights);
    runtime_ = "LibTorch " + libtorch::torch_version();
  }

  int px() const override { return net_.architecture.shape(net_.architecture.input()).height; }
  int outputs() const override {
    return static_cast<int>(net_.architecture.shape(net_.architecture.output()).elements());
  }
  std::vector<std::vector<float>> scores(const std::vector<const std::uint8_t*>& images) override {
    std::vector<std::vector<float>> inputs;
    for (const std::uint8_t* pixels : images) {
      inputs.push_back(planes(pixels, px(), normalise_.factor, normalise_.shift));
    }
    return libtorch::run_network(net_.architecture, weights_, inputs, device_);
  }

 private:
  run::NetworkRef net_;
  std::string device_;
  Weights weights_;
  lowering::Normalisation normalise_;
};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

std::vector<float> planes(const std::uint8_t* pixels, int px, const std::vector<float>& factor,
                          const std::vector<float>& shift) {
  const auto places = static_cast<std::size_t>(px) * static_cast<std::size_t>(px);
  const std::size_t channels = factor.size();
  std::vector<float> result(places * channels);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t p = 0; p < places; ++p) {
      result[c * places + p] = static_cast<float>(pixels[p * channels + c]) * factor[c] + shift[c];
    }
  }
  return result;
}

std::unique_ptr<Classifier> make_network_classifier(const companion::EvaluateRequest& request) {
  return std::make_unique<NetworkClassifier>(request);
}

std::unique_ptr<Classifier> make_classifier(const companion::EvaluateRequest& request) {
  if (ends_with(request.network, ".onnx") || ends_with(request.network, ".tflite")) {
    return make_file_classifier(request);
  }
  return make_network_classifier(request);
}

}  // namespace gensynth::deployment
