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

/// Runs a model through ONNX Runtime: the C API where the build found its header and the library is there (or is the
/// file that GENSYNTH_ONNXRUNTIME_LIBRARY names), else node with onnxruntime-node (scripts/onnx), looked for in the
/// folder that GENSYNTH_ONNXRUNTIME_NODE names, beside the installed script and in the source tree's build/onnx. Where
/// the folder alone is named, node it is. Returns nothing, with the reason in `why_not`, when neither is there. Throws
/// Error when it is there and the model does not run, when an input does not fill the shape, or when a folder or
/// library was named that does not hold it.
std::optional<OnnxRun> run_onnx(const std::string& model_path, const std::vector<std::vector<float>>& inputs,
                                const std::vector<std::int64_t>& input_shape, std::string& why_not, int threads = 1);

/// Times a model on one input, in the same runtime as run_onnx and with the same errors.
std::optional<timing::TimingSamples> time_onnx(const std::string& model_path, const std::vector<float>& input,
                                               const std::vector<std::int64_t>& input_shape,
                                               const timing::TimingOptions& options, std::string& why_not);

}  // namespace gensynth::onnx
