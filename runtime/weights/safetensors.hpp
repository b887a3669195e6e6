#pragma once

#include <map>
#include <string>

#include "architecture/weights.hpp"

namespace gensynth::weights {

/// safetensors (an 8-byte length, a JSON header, data), FP32, names as in weights.hpp.
/// `metadata`: texts by name, kept in the header under "__metadata__".
void write_safetensors(const Weights& weights, const std::string& path,
                       const std::map<std::string, std::string>& metadata = {});
/// Throws Error naming file, array and what was expected. Never reads beyond the end of the file.
Weights read_safetensors(const std::string& path);
/// The metadata alone; the same errors.
std::map<std::string, std::string> read_metadata(const std::string& path);

}  // namespace gensynth::weights
