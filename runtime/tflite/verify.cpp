#include "runtime/tflite/verify.hpp"

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "runtime/node/script.hpp"
#include "runtime/tflite/model.hpp"

namespace gensynth::tflite {
namespace {

const node::Script& script() {
  static const node::Script script{
      .folder = "tflite",
      .name = "run.mjs",
      .package = "@litertjs/core",
      .built_in = "litert",
      .variable = "GENSYNTH_LITERT_NODE",
      .install = "npm install --prefix build/litert @litertjs/core@2.5.3 --ignore-scripts",
      .runtime = "LiteRT",
  };
  return script;
}

void read_tensor(JsonReader reader, std::string& name, std::vector<std::int64_t>& shape) {
  name = reader.string("name");
  reader.string("type");
  for (const auto& extent : reader.array("shape")) shape.push_back(extent.get<std::int64_t>());
  reader.finish();
}

template <class T>
std::optional<Run> run_in_node(const std::string& path, const std::vector<std::vector<T>>& inputs,
                               std::string& why_not) {
  if (!is_model(read_file(path))) throw Error(path + ": is not a TensorFlow Lite file");
  const TemporaryFolder scratch("tflite");
  std::vector<T> together;
  for (const auto& input : inputs) together.insert(together.end(), input.begin(), input.end());
  node::write_bytes(scratch.file("inputs"), together.data(), together.size() * sizeof(T));
  const auto report =
      node::run_script(script(), {path, scratch.file("inputs"), scratch.file("outputs"), std::to_string(inputs.size())},
                       path, scratch.file(""), why_not);
  if (!report) return std::nullopt;
  JsonReader reader(*report, script().name);
  Run run;
  run.runtime = reader.string("runtime");
  read_tensor(reader.object("input"), run.input_name, run.input_shape);
  read_tensor(reader.object("output"), run.output_name, run.output_shape);
  const auto elements = reader.integer("elements", 0, std::int64_t{1} << 32);
  run.accelerated = reader.boolean("accelerated");
  reader.array("milliseconds");
  reader.finish();
  run.outputs = node::read_arrays(scratch.file("outputs"), inputs.size(), static_cast<std::size_t>(elements));
  return run;
}

std::vector<float> reordered(const std::vector<float>& values, const Shape& shape, bool to_last) {
  if (shape.layout != Layout::map) return values;
  const auto channels = static_cast<std::size_t>(shape.channels);
  const std::size_t places = values.size() / channels;
  std::vector<float> result(values.size());
  for (std::size_t k = 0; k < channels; ++k) {
    for (std::size_t p = 0; p < places; ++p) {
      if (to_last) {
        result[p * channels + k] = values[k * places + p];
      } else {
        result[k * places + p] = values[p * channels + k];
      }
    }
  }
  return result;
}

}  // namespace

std::optional<Run> run(const std::string& path, const std::vector<std::vector<float>>& inputs, std::string& why_not) {
  return run_in_node(path, inputs, why_not);
}

std::optional<Run> run(const std::string& path, const std::vector<std::vector<std::uint8_t>>& inputs,
                       std::string& why_not) {
  return run_in_node(path, inputs, why_not);
}

std::vector<float> channels_last(const std::vector<float>& values, const Shape& shape) {
  return reordered(values, shape, true);
}

std::vector<float> channels_first(const std::vector<float>& values, const Shape& shape) {
  return reordered(values, shape, false);
}

}  // namespace gensynth::tflite
