#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "runtime/node/script.hpp"
#include "runtime/onnx/run_backend.hpp"

namespace gensynth::onnx {
namespace {

node::Script script(const char* name) {
  return {
      .folder = "onnx",
      .name = name,
      .package = "onnxruntime-node",
      .built_in = "onnx",
      .variable = "GENSYNTH_ONNXRUNTIME_NODE",
      .install = "npm install --prefix build/onnx onnxruntime-node@1.20.1 --ignore-scripts",
      .runtime = "ONNX Runtime",
  };
}

std::string comma_separated(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const auto extent : shape) text += (text.empty() ? "" : ",") + std::to_string(extent);
  return text;
}

/// Runs a script of ours with the model, the inputs and `more`.
std::optional<nlohmann::json> run_script(const char* name, const OnnxCall& call, const TemporaryFolder& scratch,
                                         const std::vector<std::string>& more, std::string& why_not) {
  std::vector<float> together;
  for (const auto& input : call.inputs) together.insert(together.end(), input.begin(), input.end());
  node::write_bytes(scratch.file("inputs"), together.data(), together.size() * sizeof(float));
  std::vector<std::string> words{call.model_path, scratch.file("inputs")};
  words.insert(words.end(), more.begin(), more.end());
  return node::run_script(script(name), words, call.model_path, scratch.file(""), why_not);
}

std::vector<double> numbers(const nlohmann::json& array) {
  std::vector<double> values;
  for (const auto& value : array) values.push_back(value.get<double>());
  return values;
}

}  // namespace

std::optional<OnnxRun> run_onnx_in_node(const OnnxCall& call, std::string& why_not) {
  const TemporaryFolder scratch("onnx");
  const auto report =
      run_script("run.mjs", call, scratch,
                 {scratch.file("outputs"), comma_separated(call.shape), std::to_string(call.inputs.size()),
                  std::to_string(call.threads), call.element == Element::uint8 ? "uint8" : "float32"},
                 why_not);
  if (!report) return std::nullopt;
  JsonReader reader(*report, "run.mjs");
  OnnxRun run;
  run.runtime = reader.string("runtime");
  const auto elements = reader.integer("elements", 0, std::int64_t{1} << 32);
  run.milliseconds = numbers(reader.array("milliseconds"));
  reader.finish();
  run.outputs = node::read_arrays(scratch.file("outputs"), call.inputs.size(), static_cast<std::size_t>(elements));
  return run;
}

std::optional<timing::TimingSamples> time_onnx_in_node(const OnnxCall& call, const timing::TimingOptions& options,
                                                       std::string& why_not) {
  const TemporaryFolder scratch("onnx");
  const auto report =
      run_script("time.mjs", call, scratch,
                 {comma_separated(call.shape), std::to_string(options.threads), std::to_string(options.warmup),
                  std::to_string(options.repeats), std::to_string(options.min_seconds)},
                 why_not);
  if (!report) return std::nullopt;
  JsonReader reader(*report, "time.mjs");
  timing::TimingSamples samples;
  samples.runtime = reader.string("runtime");
  samples.wall_ms = numbers(reader.array("wall_ms"));
  samples.cpu_ms = numbers(reader.array("cpu_ms"));
  reader.finish();
  return samples;
}

}  // namespace gensynth::onnx
