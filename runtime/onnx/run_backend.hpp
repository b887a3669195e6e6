#pragma once

#include "runtime/onnx/verify.hpp"

namespace gensynth::onnx {

/// The arguments of run_onnx after checking: every input has the size of the shape.
struct OnnxCall {
  const std::string& model_path;
  const std::vector<std::vector<float>>& inputs;
  const std::vector<std::int64_t>& shape;
  int threads = 1;
  Element element = Element::float32;
};

/// The value of an environment variable, unless it is empty.
std::optional<std::string> named_in_environment(const char* variable);

/// Each returns nothing, with the reason, when its runtime is not installed.
std::optional<OnnxRun> run_onnx_in_node(const OnnxCall& call, std::string& why_not);
std::optional<OnnxRun> run_onnx_in_process(const OnnxCall& call, std::string& why_not);
/// The same for timing; the model runs on the first input.
std::optional<timing::TimingSamples> time_onnx_in_node(const OnnxCall& call, const timing::TimingOptions& options,
                                                       std::string& why_not);
std::optional<timing::TimingSamples> time_onnx_in_process(const OnnxCall& call, const timing::TimingOptions& options,
                                                          std::string& why_not);

}  // namespace gensynth::onnx
