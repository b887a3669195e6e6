#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/weights.hpp"

namespace gensynth::tflite {

/// The format of the file's input.
enum class ImageInput : std::uint8_t {
  normalised,  ///< float32, normalised as in training
  unit,        ///< float32 from 0 to 1; the file normalises
  uint8        ///< bytes from 0 to 255; the file normalises
};
const char* to_string(ImageInput input);

/// The format of stored weights. With float16 the file computes in float32 with rounded weights.
enum class Precision : std::uint8_t { float32, float16 };
const char* to_string(Precision precision);

struct Options {
  int batch = 1;
  ImageInput input = ImageInput::normalised;
  /// For each channel of an image from 0 to 1; the network receives (image - mean) / deviation. Not used if the input
  /// is normalised.
  std::vector<float> mean;
  std::vector<float> deviation;
  Precision precision = Precision::float32;
  std::map<std::string, std::string> metadata;  ///< entries of the file's metadata, by name
};

/// The network that a file computes: folded, with the weights rounded to `precision`.
Folded deployed(const Architecture& architecture, const Weights& weights, Precision precision);

/// A TensorFlow Lite file (identifier TFL3, schema version 3) of the network in inference form: folded, NHWC,
/// activations fused. Input "images" (N, H, W, C); output "scores", (N, classes), or (N, H, W, C) where the network
/// ends in a map; signature "serving_default". Metadata "name" and "program" are always there. Throws Error when the
/// weights do not fit the network, an option is out of range, or a vertex cannot be expressed (which it names).
std::string model(const Architecture& architecture, const Weights& weights, const Options& options = {});

/// The same to a file.
void write(const Architecture& architecture, const Weights& weights, const std::string& path,
           const Options& options = {});

}  // namespace gensynth::tflite
