#pragma once

#include <string>

#include "architecture/weights.hpp"

namespace gensynth::weights {

/// safetensors (an 8-byte length, a JSON header, data), FP32, names as in weights.hpp.
void write_safetensors(const Weights& weights, const std::string& path, const std::string& note = "");
/// Throws Error naming file, array and what was expected. Never reads beyond the end of the file.
Weights read_safetensors(const std::string& path);

}  // namespace gensynth::weights
