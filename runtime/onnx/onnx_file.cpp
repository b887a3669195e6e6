#include "runtime/onnx/onnx_file.hpp"

#include <onnx/onnx_pb.h>

#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"

namespace gensynth::onnx {
namespace {

std::vector<std::int64_t> extents(const ::onnx::ValueInfoProto& value) {
  std::vector<std::int64_t> result;
  for (const auto& dim : value.type().tensor_type().shape().dim()) {
    result.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  }
  return result;
}

}  // namespace

lowering::ModelFile read_onnx(const std::string& path) {
  ::onnx::ModelProto model;
  const std::string bytes = read_file(path);
  if (!model.ParseFromString(bytes) || !model.has_graph() || model.graph().output_size() == 0) {
    throw Error(path + ": is not an ONNX file");
  }
  std::set<std::string> constants;
  for (const auto& tensor : model.graph().initializer()) constants.insert(tensor.name());
  lowering::ModelFile file;
  int inputs = 0;
  for (const auto& input : model.graph().input()) {
    if (constants.contains(input.name())) continue;
    ++inputs;
    const auto type = input.type().tensor_type().elem_type();
    if (type != ::onnx::TensorProto::FLOAT && type != ::onnx::TensorProto::UINT8) {
      throw Error(path + ": input '" + input.name() + "' is neither float32 nor uint8");
    }
    file.bytes = type == ::onnx::TensorProto::UINT8;
    file.input_name = input.name();
    file.input = extents(input);
  }
  if (inputs != 1) throw Error(path + ": has " + std::to_string(inputs) + " inputs, expected one");
  file.output = extents(model.graph().output(0));
  file.output_name = model.graph().output(0).name();
  for (const auto& entry : model.metadata_props()) file.metadata[entry.key()] = entry.value();
  return file;
}

}  // namespace gensynth::onnx
