#pragma once

#include <tflite_format/schema_generated.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace gensynth::tflite {

/// A file's content, after the flatbuffers verifier has passed it.
inline format::ModelT read_model(const std::string& bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  flatbuffers::Verifier verifier(data, bytes.size());
  if (!format::VerifyModelBuffer(verifier)) throw std::runtime_error("the verifier refuses the file");
  format::ModelT model;
  format::GetModel(data)->UnPackTo(&model);
  return model;
}

inline const format::TensorT& tensor(const format::ModelT& model, std::int32_t index) {
  return *model.subgraphs[0]->tensors.at(static_cast<std::size_t>(index));
}

inline std::string shape_text(const std::vector<std::int32_t>& shape) {
  std::string text;
  for (const auto extent : shape) text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text;
}

/// The values of a constant of type T.
template <class T>
std::vector<T> values(const format::ModelT& model, const std::string& name) {
  for (const auto& entry : model.subgraphs[0]->tensors) {
    if (entry->name != name) continue;
    const auto& data = model.buffers.at(entry->buffer)->data;
    std::vector<T> result(data.size() / sizeof(T));
    if (!data.empty()) std::memcpy(result.data(), data.data(), data.size());
    return result;
  }
  throw std::runtime_error("no tensor " + name);
}

inline std::string options_text(const format::OptionsUnion& options) {
  const auto window = [](const auto& o) {
    return std::string(format::EnumNamePadding(o.padding)) + " stride " + std::to_string(o.stride_h) + "x" +
           std::to_string(o.stride_w);
  };
  const auto fused = [](format::FusedActivation activation) {
    return activation == format::FusedActivation::none ? ""
                                                       : std::string(" ") + format::EnumNameFusedActivation(activation);
  };
  if (const auto* o = options.AsConv2DOptions()) return " " + window(*o) + fused(o->fused_activation);
  if (const auto* o = options.AsDepthwiseConv2DOptions()) return " " + window(*o) + fused(o->fused_activation);
  if (const auto* o = options.AsPool2DOptions()) return " " + window(*o) + fused(o->fused_activation);
  if (const auto* o = options.AsFullyConnectedOptions()) return fused(o->fused_activation);
  if (const auto* o = options.AsAddOptions()) return fused(o->fused_activation);
  if (const auto* o = options.AsMulOptions()) return fused(o->fused_activation);
  return "";
}

/// One line for each operator: "out 1x8x8x4 = conv_2d.1(a, b) options".
inline std::string operators_text(const format::ModelT& model) {
  std::string text;
  for (const auto& op : model.subgraphs[0]->operators) {
    const auto& code = *model.operator_codes.at(op->opcode_index);
    const auto& out = tensor(model, op->outputs[0]);
    text += out.name + " " + shape_text(out.shape) + " = " + format::EnumNameBuiltinOperator(code.builtin_code) + "." +
            std::to_string(code.version) + "(";
    for (std::size_t i = 0; i < op->inputs.size(); ++i) {
      text += (i == 0 ? "" : ", ") + tensor(model, op->inputs[i]).name;
    }
    text += ")" + options_text(op->options) + "\n";
  }
  return text;
}

}  // namespace gensynth::tflite
