#pragma once

#include <string>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"
#include "runtime/lowering/file_options.hpp"
#include "runtime/quantisation/quantised_network.hpp"

namespace gensynth::tflite {

using Options = lowering::FileOptions;
using lowering::ImageInput;
using lowering::to_string;

/// A TensorFlow Lite file (identifier TFL3, schema version 3) of the network in inference form: folded, NHWC,
/// activations fused. Input "images" (N, H, W, C); output "logits" or "probabilities", (N, classes), or (N, H, W, C)
/// where the network ends in a map; signature "serving_default". The batch is fixed. Metadata as file_metadata() says.
/// Throws Error when the weights do not fit the network, an option is out of range, or a vertex cannot be expressed
/// (which it names).
std::string model(const Architecture& architecture, const Weights& weights, const Options& options = {});

/// The same in 8-bit integers: full-integer but for the ends and for vertices that stay in float32. The network is
/// folded, and begins with a normalisation where the options' input is not normalised; the file adds none.
std::string model(const quantisation::QuantisedNetwork& network, const Options& options = {});

/// The first of them to a file.
void write(const Architecture& architecture, const Weights& weights, const std::string& path,
           const Options& options = {});

}  // namespace gensynth::tflite
