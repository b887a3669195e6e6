#pragma once

#include <string>

#include "runtime/lowering/model_file.hpp"

namespace gensynth::tflite {

/// Reads what a TensorFlow Lite file declares. Throws Error naming the file when it is none, when it has other than one
/// input, or when that is neither float32 nor uint8.
lowering::ModelFile read_tflite(const std::string& path);

}  // namespace gensynth::tflite
