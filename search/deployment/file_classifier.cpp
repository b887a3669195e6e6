#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "runtime/lowering/file_options.hpp"
#include "runtime/lowering/model_file.hpp"
#include "runtime/onnx/onnx_file.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/tflite/tflite_file.hpp"
#include "runtime/tflite/verify.hpp"
#include "search/deployment/classifier.hpp"

namespace gensynth::deployment {
namespace {

using lowering::ImageInput;

/// Images of one inference where the file leaves it open.
constexpr std::int64_t kOpenBatch = 16;

std::string text_of(const std::vector<std::int64_t>& extents) {
  std::string text;
  for (const std::int64_t extent : extents) {
    text += (text.empty() ? "" : " x ") + (extent < 0 ? std::string("?") : std::to_string(extent));
  }
  return text;
}

class FileClassifier : public Classifier {
 public:
  FileClassifier(const companion::EvaluateRequest& request, bool tflite)
      : path_(request.network), tflite_(tflite), file_(tflite ? tflite::read_tflite(path_) : onnx::read_onnx(path_)) {
    const std::vector<std::int64_t>& in = file_.input;
    const std::size_t channels = tflite_ ? 3 : 1;
    const std::size_t height = tflite_ ? 1 : 2;
    if (in.size() != 4 || in[channels] != 3 || in[height] < 1 || in[height] != in[height + 1]) {
      throw Error(path_ + ": takes " + text_of(in) + ", expected square images of 3 channels, " +
                  (tflite_ ? "N x PX x PX x 3" : "N x 3 x PX x PX"));
    }
    if (file_.output.empty() || file_.output.back() < 2) {
      throw Error(path_ + ": gives " + text_of(file_.output) + ", expected one score for each class");
    }
    px_ = static_cast<int>(in[height]);
    batch_ = in[0] > 0 ? in[0] : kOpenBatch;
    read_card();
    read_normalisation(request);
  }

  int px() const override { return px_; }
  int outputs() const override { return static_cast<int>(file_.output.back()); }

  std::vector<std::vector<float>> scores(const std::vector<const std::uint8_t*>& images) override {
    std::vector<std::vector<float>> inputs;
    const auto batch = static_cast<std::size_t>(batch_);
    for (std::size_t i = 0; i < images.size(); ++i) {
      if (i % batch == 0) inputs.emplace_back();
      append(inputs.back(), images[i]);
    }
    fill(inputs.back());
    const std::vector<std::vector<float>> outputs = run(inputs);
    std::vector<std::vector<float>> result;
    const auto count = static_cast<std::size_t>(this->outputs());
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::vector<float>& all = outputs[i / batch];
      if (all.size() != batch * count) {
        throw Error(path_ + ": gives " + std::to_string(all.size()) + " values for " + std::to_string(batch) +
                    " images, expected " + std::to_string(batch * count));
      }
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>((i % batch) * count);
      result.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(count));
    }
    return result;
  }

 private:
  std::size_t image_values() const { return static_cast<std::size_t>(px_) * static_cast<std::size_t>(px_) * 3; }

  /// Repeats the last image until the batch is full; those answers are dropped.
  void fill(std::vector<float>& input) const {
    const std::size_t size = image_values();
    while (input.size() < static_cast<std::size_t>(batch_) * size) {
      const std::vector<float> last(input.end() - static_cast<std::ptrdiff_t>(size), input.end());
      input.insert(input.end(), last.begin(), last.end());
    }
  }

  void append(std::vector<float>& input, const std::uint8_t* pixels) const {
    std::vector<float> image = planes(pixels, px_, factor_, shift_);
    if (tflite_) image = tflite::channels_last(image, {Layout::map, 3, px_, px_});
    input.insert(input.end(), image.begin(), image.end());
  }

  std::vector<std::vector<float>> run(const std::vector<std::vector<float>>& inputs) {
    std::string why_not;
    if (tflite_) {
      std::optional<tflite::Run> run;
      if (file_.bytes) {
        std::vector<std::vector<std::uint8_t>> bytes;
        for (const auto& input : inputs) {
          auto& one = bytes.emplace_back();
          for (const float value : input) one.push_back(static_cast<std::uint8_t>(std::lround(value)));
        }
        run = tflite::run(path_, bytes, why_not);
      } else {
        run = tflite::run(path_, inputs, why_not);
      }
      if (!run) throw Error(path_ + ": cannot be run: " + why_not, ErrorKind::environment);
      runtime_ = run->runtime;
      return run->outputs;
    }
    const auto run = onnx::run_onnx(path_, inputs, {batch_, 3, px_, px_}, why_not, 1,
                                    file_.bytes ? onnx::Element::uint8 : onnx::Element::float32);
    if (!run) throw Error(path_ + ": cannot be run: " + why_not, ErrorKind::environment);
    runtime_ = run->runtime;
    return run->outputs;
  }

  void read_card() {
    const auto text = file_.metadata.find("card");
    if (text == file_.metadata.end()) return;
    const std::string place = path_ + ", metadata \"card\"";
    card_ = model_card_from_json(parse_json(text->second, place), place);
  }

  void read_normalisation(const companion::EvaluateRequest& request) {
    const auto stated = file_.metadata.find("input");
    ImageInput input = file_.bytes ? ImageInput::uint8 : ImageInput::unit;
    if (!request.input.empty()) {
      input = lowering::image_input(request.input);
    } else if (stated != file_.metadata.end()) {
      input = lowering::image_input(stated->second);
    } else if (!file_.bytes) {
      notes_.emplace_back("the file does not state what an image is; values from 0 to 1 are assumed (--input)");
    }
    if (file_.bytes != (input == ImageInput::uint8)) {
      throw Error(path_ + ": its input is " + (file_.bytes ? "uint8" : "float32") + ", which --input " +
                  lowering::to_string(input) + " does not suit");
    }
    factor_.assign(3, file_.bytes ? 1.0F : 1.0F / 255);
    shift_.assign(3, 0.0F);
    if (input != ImageInput::normalised) return;
    lowering::FileOptions options;
    options.input = ImageInput::unit;
    if (card_) {
      options.mean.assign(card_->preprocessing.mean.begin(), card_->preprocessing.mean.end());
      options.deviation.assign(card_->preprocessing.deviation.begin(), card_->preprocessing.deviation.end());
    }
    if (!request.mean.empty()) options.mean.assign(request.mean.begin(), request.mean.end());
    if (!request.deviation.empty()) options.deviation.assign(request.deviation.begin(), request.deviation.end());
    if (options.mean.empty() || options.deviation.empty()) {
      throw Error(path_ + ": it takes normalised images and does not state how; give --mean and --std");
    }
    lowering::check_options(options, {Layout::map, 3, px_, px_}, {Layout::vector, outputs(), 1, 1}, path_);
    const lowering::Normalisation normalise = lowering::normalisation_of(options, 255);
    factor_ = normalise.factor;
    shift_ = normalise.shift;
  }

  std::string path_;
  bool tflite_;
  lowering::ModelFile file_;
  int px_ = 0;
  std::int64_t batch_ = 1;
  std::vector<float> factor_, shift_;
};

}  // namespace

std::unique_ptr<Classifier> make_file_classifier(const companion::EvaluateRequest& request) {
  const bool tflite = request.network.size() > 7 && request.network.substr(request.network.size() - 7) == ".tflite";
  return std::make_unique<FileClassifier>(request, tflite);
}

}  // namespace gensynth::deployment
