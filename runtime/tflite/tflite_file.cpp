#include "runtime/tflite/tflite_file.hpp"

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "runtime/tflite/model.hpp"

namespace gensynth::tflite {
namespace {

std::string text(const flatbuffers::String* value) { return value == nullptr ? "" : value->str(); }

const format::Tensor& tensor_at(const format::SubGraph& graph, std::int32_t index, const std::string& path) {
  if (graph.tensors() == nullptr || index < 0 || static_cast<std::uint32_t>(index) >= graph.tensors()->size()) {
    throw Error(path + ": is damaged: there is no tensor " + std::to_string(index));
  }
  return *graph.tensors()->Get(static_cast<std::uint32_t>(index));
}

std::vector<std::int64_t> extents(const format::Tensor& tensor) {
  std::vector<std::int64_t> result;
  if (tensor.shape() != nullptr) result.assign(tensor.shape()->begin(), tensor.shape()->end());
  return result;
}

void read_metadata(const format::Model& model, lowering::ModelFile& file) {
  if (model.metadata() == nullptr || model.buffers() == nullptr) return;
  for (const format::Metadata* entry : *model.metadata()) {
    if (entry->buffer() >= model.buffers()->size()) continue;
    const auto* data = model.buffers()->Get(entry->buffer())->data();
    if (data != nullptr) file.metadata[text(entry->name())] = std::string(data->begin(), data->end());
  }
}

}  // namespace

lowering::ModelFile read_tflite(const std::string& path) {
  const std::string bytes = read_file(path);
  if (!is_model(bytes)) throw Error(path + ": is not a TensorFlow Lite file");
  const format::Model& model = *format::GetModel(bytes.data());
  if (model.subgraphs() == nullptr || model.subgraphs()->size() == 0) throw Error(path + ": has no graph");
  const format::SubGraph& graph = *model.subgraphs()->Get(0);
  const std::size_t inputs = graph.inputs() == nullptr ? 0 : graph.inputs()->size();
  const std::size_t outputs = graph.outputs() == nullptr ? 0 : graph.outputs()->size();
  if (inputs != 1) throw Error(path + ": has " + std::to_string(inputs) + " inputs, expected one");
  if (outputs == 0) throw Error(path + ": has no output");
  const format::Tensor& input = tensor_at(graph, graph.inputs()->Get(0), path);
  const format::Tensor& output = tensor_at(graph, graph.outputs()->Get(0), path);
  if (input.type() != format::TensorType::float32 && input.type() != format::TensorType::uint8) {
    throw Error(path + ": input '" + text(input.name()) + "' is neither float32 nor uint8");
  }
  lowering::ModelFile file;
  file.bytes = input.type() == format::TensorType::uint8;
  file.input_name = text(input.name());
  file.output_name = text(output.name());
  file.input = extents(input);
  file.output = extents(output);
  read_metadata(model, file);
  return file;
}

}  // namespace gensynth::tflite
