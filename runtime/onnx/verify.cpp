#include "runtime/onnx/verify.hpp"

#include <cstdlib>

#include "architecture/base/error.hpp"
#include "runtime/onnx/run_backend.hpp"

namespace gensynth::onnx {

namespace {

/// Whether the user chose node by naming its folder and no library.
bool node_is_named() {
  return named_in_environment("GENSYNTH_ONNXRUNTIME_NODE") && !named_in_environment("GENSYNTH_ONNXRUNTIME_LIBRARY");
}

/// Uses the first of the two runtimes that is installed.
template <class Result, class InProcess, class InNode>
std::optional<Result> in_either(InProcess in_process, InNode in_node, std::string& why_not) {
  std::string no_library = "node was named";
  std::string no_node;
  std::optional<Result> result;
  if (!node_is_named()) result = in_process(no_library);
  if (!result) result = in_node(no_node);
  if (!result) why_not = "ONNX Runtime is not there: " + no_library + "; " + no_node;
  return result;
}

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

std::optional<std::string> named_in_environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<OnnxRun> run_onnx(const std::string& model_path, const std::vector<std::vector<float>>& inputs,
                                const std::vector<std::int64_t>& input_shape, std::string& why_not, int threads,
                                Element element) {
  check_call(model_path, inputs, input_shape, threads);
  const OnnxCall call{model_path, inputs, input_shape, threads, element};
  return in_either<OnnxRun>([&](std::string& why) { return run_onnx_in_process(call, why); },
                            [&](std::string& why) { return run_onnx_in_node(call, why); }, why_not);
}

std::optional<timing::TimingSamples> time_onnx(const std::string& model_path, const std::vector<float>& input,
                                               const std::vector<std::int64_t>& input_shape,
                                               const timing::TimingOptions& options, std::string& why_not) {
  const std::vector<std::vector<float>> inputs{input};
  check_call(model_path, inputs, input_shape, options.threads);
  const OnnxCall call{model_path, inputs, input_shape, options.threads};
  return in_either<timing::TimingSamples>([&](std::string& why) { return time_onnx_in_process(call, options, why); },
                                          [&](std::string& why) { return time_onnx_in_node(call, options, why); },
                                          why_not);
}

}  // namespace gensynth::onnx
