#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gensynth {

/// The number format of weights and activations: of a deployed file, a latency measurement or a prediction.
enum class Precision : std::uint8_t { float32, float16, int8 };

const char* to_string(Precision precision);  ///< "fp32", "fp16", "int8"
std::vector<Precision> all_precisions();
std::vector<std::string> precision_names();  ///< in the order of all_precisions()
std::optional<Precision> find_precision(const std::string& name);
/// Throws Error (usage) with the names that exist.
Precision precision_from_string(const std::string& name);

}  // namespace gensynth
