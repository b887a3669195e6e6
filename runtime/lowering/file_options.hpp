#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "architecture/operators.hpp"
#include "architecture/precision.hpp"

namespace gensynth::lowering {

// Options of a model file that every format has. The words of to_string() are those of the command line.

/// The values of images that the file takes as input.
enum class ImageInput : std::uint8_t {
  normalised,  ///< float32, as the network was trained with
  unit,        ///< float32 from 0 to 1; the file normalises
  uint8        ///< bytes from 0 to 255; the file normalises
};
const char* to_string(ImageInput input);
ImageInput image_input(const std::string& word);  ///< throws Error for another word

/// The values that the file gives for each class.
enum class ScoreOutput : std::uint8_t {
  logits,  ///< the network's values as they are; the output has this name
  softmax  ///< probabilities; the output is called "probabilities"
};
const char* to_string(ScoreOutput output);
ScoreOutput score_output(const std::string& word);  ///< throws Error for another word
const char* output_name(ScoreOutput output);

constexpr int kAnyBatch = 0;  ///< the caller of the file chooses the batch

struct FileOptions {
  int batch = 1;  ///< or kAnyBatch
  ImageInput input = ImageInput::normalised;
  /// For each channel of an image from 0 to 1; (image - mean) / deviation is what the network sees. Not used when the
  /// input is normalised.
  std::vector<float> mean;
  std::vector<float> deviation;
  ScoreOutput output = ScoreOutput::logits;
  /// float16: of weights, and the file computes in float32; int8: of weights and values, where 8 bits are enough.
  Precision precision = Precision::float32;
  std::map<std::string, std::string> metadata;  ///< entries of the file's metadata, by name
};

/// Throws Error, beginning with `format`, for values out of range, and for a mean or deviation that does not suit the
/// channels of the images.
void check_options(const FileOptions& options, const Shape& image, const Shape& output, const std::string& format);

/// The normalisation as image * factor + shift, by channel, for images from 0 to `highest`.
struct Normalisation {
  std::vector<float> factor;
  std::vector<float> shift;
};
Normalisation normalisation_of(const FileOptions& options, double highest);

/// The metadata of the file: the options' own, and "name", "program", "input" and "output".
std::map<std::string, std::string> file_metadata(const FileOptions& options, const std::string& name);

}  // namespace gensynth::lowering
