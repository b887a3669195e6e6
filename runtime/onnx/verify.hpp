#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gensynth {

struct OnnxRun {
  std::vector<std::vector<float>> outputs;  ///< one per input
  std::string runtime;                      ///< "onnxruntime 1.20.1 (node)"
};

/// Runs a model through ONNX Runtime: the C API when GENSYNTH_ONNXRUNTIME_LIBRARY or the build found it, else
/// node with onnxruntime-node (scripts/onnx). Returns nothing, with the reason in `why_not`, when neither is
/// there. Throws Error when it is there and the model does not run.
std::optional<OnnxRun> run_onnx(const std::string& model_path, const std::vector<std::vector<float>>& inputs,
                                const std::vector<std::int64_t>& input_shape, std::string& why_not);

}  // namespace gensynth
