#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/timing/timing.hpp"

namespace gensynth::onnx {

struct OnnxRun {
  std::vector<std::vector<float>> outputs;  ///< one per input
  std::vector<double> milliseconds;         ///< wall time of each run, after an untimed one
  std::string runtime;                      ///< "onnxruntime 1.20.1 (node)"
};

/// The type of a model's input. Values for bytes are whole numbers from 0 to 255.
enum class Element : std::uint8_t { float32, uint8 };

/// Runs a model in ONNX Runtime; its first input and its first output. The C API is used where the build found its
/// header and the library is installed (or is the file that GENSYNTH_ONNXRUNTIME_LIBRARY names). Otherwise node runs it
/// with onnxruntime-node (scripts/onnx), which is looked for in the folder that GENSYNTH_ONNXRUNTIME_NODE names, beside
/// the installed script, and in build/onnx of the source tree. If only that folder is named, node is used in any case.
/// Returns nothing, with the reason in `why_not`, when neither is installed. Throws Error when the model does not run,
/// when an input does not have the size of the shape, or when the named folder or library does not contain the runtime.
std::optional<OnnxRun> run_onnx(const std::string& model_path, const std::vector<std::vector<float>>& inputs,
                                const std::vector<std::int64_t>& input_shape, std::string& why_not, int threads = 1,
                                Element element = Element::float32);

/// Times a model on one input, in the same runtime as run_onnx and with the same errors.
std::optional<timing::TimingSamples> time_onnx(const std::string& model_path, const std::vector<float>& input,
                                               const std::vector<std::int64_t>& input_shape,
                                               const timing::TimingOptions& options, std::string& why_not);

}  // namespace gensynth::onnx
