#include "runtime/lowering/file_options.hpp"

#include <cmath>

#include "architecture/base/error.hpp"

namespace gensynth::lowering {
namespace {

void check_normalisation(const FileOptions& options, const Shape& image, const std::string& format) {
  const auto channels = static_cast<std::size_t>(image.channels);
  if (options.mean.size() != channels || options.deviation.size() != channels) {
    throw Error(format + ": " + std::to_string(options.mean.size()) + " means and " +
                std::to_string(options.deviation.size()) + " standard deviations, expected " +
                std::to_string(channels) + " each, one for each channel of the image");
  }
  for (std::size_t i = 0; i < channels; ++i) {
    if (!std::isfinite(options.mean[i]))
      throw Error(format + ": the mean of channel " + std::to_string(i) + " is not finite");
    if (!std::isfinite(options.deviation[i]) || options.deviation[i] <= 0) {
      throw Error(format + ": the standard deviation of channel " + std::to_string(i) + " is " +
                  std::to_string(options.deviation[i]) + ", expected a positive number");
    }
  }
}

}  // namespace

const char* to_string(ImageInput input) {
  switch (input) {
    case ImageInput::normalised:
      return "normalised";
    case ImageInput::unit:
      return "unit";
    case ImageInput::uint8:
      return "uint8";
  }
  throw Error("image input of unknown kind", ErrorKind::internal);
}

ImageInput image_input(const std::string& word) {
  for (const ImageInput kind : {ImageInput::normalised, ImageInput::unit, ImageInput::uint8}) {
    if (word == to_string(kind)) return kind;
  }
  throw Error("input '" + word + "'" + suggestion(word, {"normalised", "unit", "uint8"}) +
              ", expected normalised, unit or uint8");
}

const char* to_string(ScoreOutput output) { return output == ScoreOutput::softmax ? "softmax" : "logits"; }

ScoreOutput score_output(const std::string& word) {
  for (const ScoreOutput kind : {ScoreOutput::logits, ScoreOutput::softmax}) {
    if (word == to_string(kind)) return kind;
  }
  throw Error("output '" + word + "'" + suggestion(word, {"logits", "softmax"}) + ", expected logits or softmax");
}

const char* output_name(ScoreOutput output) { return output == ScoreOutput::softmax ? "probabilities" : "logits"; }

void check_options(const FileOptions& options, const Shape& image, const Shape& output, const std::string& format) {
  if (options.batch < 0) throw Error(format + ": batch " + std::to_string(options.batch) + ", expected 1 or more");
  if (options.output == ScoreOutput::softmax && output.layout != Layout::vector) {
    throw Error(format + ": the network ends in " + gensynth::to_string(output) +
                "; a softmax needs one value for each class");
  }
  if (options.input != ImageInput::normalised) check_normalisation(options, image, format);
}

Normalisation normalisation_of(const FileOptions& options, double highest) {
  Normalisation result;
  for (std::size_t i = 0; i < options.mean.size(); ++i) {
    const double deviation = options.deviation[i];
    result.factor.push_back(static_cast<float>(1 / (highest * deviation)));
    result.shift.push_back(static_cast<float>(-options.mean[i] / deviation));
  }
  return result;
}

std::map<std::string, std::string> file_metadata(const FileOptions& options, const std::string& name) {
  std::map<std::string, std::string> metadata = options.metadata;
  metadata.emplace("name", name);
  metadata.emplace("program", std::string("gensynth ") + GENSYNTH_VERSION);
  metadata.emplace("input", to_string(options.input));
  metadata.emplace("output", to_string(options.output));
  return metadata;
}

}  // namespace gensynth::lowering
