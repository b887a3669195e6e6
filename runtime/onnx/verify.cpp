#include "runtime/onnx/verify.hpp"

#include "architecture/error.hpp"
#include "runtime/onnx/run_backend.hpp"

namespace gensynth {

namespace {

void check_call(const std::string& model_path, const std::vector<std::vector<float>>& inputs,
                const std::vector<std::int64_t>& input_shape, int threads) {
  std::int64_t elements = 1;
  for (const auto extent : input_shape) elements *= extent;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (static_cast<std::int64_t>(inputs[i].size()) != elements) {
      throw Error(model_path + ": input " + std::to_string(i) + " has " + std::to_string(inputs[i].size()) +
                  " values, expected " + std::to_string(elements));
    }
  }
  if (threads < 1) throw Error(model_path + ": " + std::to_string(threads) + " threads, expected 1 or more");
}

}  // namespace

std::optional<OnnxRun> run_onnx(const std::string& model_path, const std::vector<std::vector<float>>& inputs,
                                const std::vector<std::int64_t>& input_shape, std::string& why_not, int threads) {
  check_call(model_path, inputs, input_shape, threads);
  const OnnxCall call{model_path, inputs, input_shape, threads};
  std::string no_library;
  std::string no_node;
  if (auto run = run_onnx_in_process(call, no_library)) return run;
  if (auto run = run_onnx_in_node(call, no_node)) return run;
  why_not = "ONNX Runtime is not there: " + no_library + "; " + no_node;
  return std::nullopt;
}

std::optional<TimingSamples> time_onnx(const std::string& model_path, const std::vector<float>& input,
                                       const std::vector<std::int64_t>& input_shape, const TimingOptions& options,
                                       std::string& why_not) {
  const std::vector<std::vector<float>> inputs{input};
  check_call(model_path, inputs, input_shape, options.threads);
  const OnnxCall call{model_path, inputs, input_shape, options.threads};
  std::string no_library;
  std::string no_node;
  if (auto samples = time_onnx_in_process(call, options, no_library)) return samples;
  if (auto samples = time_onnx_in_node(call, options, no_node)) return samples;
  why_not = "ONNX Runtime is not there: " + no_library + "; " + no_node;
  return std::nullopt;
}

}  // namespace gensynth
