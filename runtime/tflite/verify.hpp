#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "architecture/operators.hpp"

namespace gensynth::tflite {

struct Run {
  std::vector<std::vector<float>> outputs;  ///< one per input
  std::string runtime;                      ///< "LiteRT 2.5.3 (node)"
  bool accelerated = false;                 ///< XNNPACK supports every operator
  std::string input_name, output_name;
  std::vector<std::int64_t> input_shape, output_shape;
};

/// Runs a file through LiteRT: node with the npm package @litertjs/core (scripts/tflite), which is searched for in the
/// folder that GENSYNTH_LITERT_NODE names, beside the installed script and in the source tree's build/litert. Inputs
/// are in the file's own layout: NHWC, the whole batch. Returns nothing, with the reason in `why_not`, if node or the
/// package is not installed. Throws Error if the file cannot be read or has another format, if it does not run in the
/// runtime or has an input of another type or size, and if the named folder does not contain the package.
std::optional<Run> run(const std::string& path, const std::vector<std::vector<float>>& inputs, std::string& why_not);
std::optional<Run> run(const std::string& path, const std::vector<std::vector<std::uint8_t>>& inputs,
                       std::string& why_not);

/// Converts the values of a map from (C, H, W) to (H, W, C), and back. Tokens and vectors are returned unchanged.
std::vector<float> channels_last(const std::vector<float>& values, const Shape& shape);
std::vector<float> channels_first(const std::vector<float>& values, const Shape& shape);

}  // namespace gensynth::tflite
