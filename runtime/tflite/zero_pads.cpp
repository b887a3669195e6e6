#include <vector>

#include "runtime/tflite/model.hpp"

namespace gensynth::tflite {
namespace {

using format::BuiltinOperator;
using format::FusedActivation;

FusedActivation fused_into(const format::OptionsUnion& options) {
  if (const auto* conv = options.AsConv2DOptions()) return conv->fused_activation;
  if (const auto* depthwise = options.AsDepthwiseConv2DOptions()) return depthwise->fused_activation;
  if (const auto* add = options.AsAddOptions()) return add->fused_activation;
  if (const auto* mul = options.AsMulOptions()) return mul->fused_activation;
  return FusedActivation::none;
}

bool is_never_negative(const format::ModelT& model, const format::OperatorT& op) {
  const BuiltinOperator code = code_of(model, op);
  return code == BuiltinOperator::relu || code == BuiltinOperator::relu6 || code == BuiltinOperator::logistic ||
         fused_into(op.options) != FusedActivation::none;
}

}  // namespace

void use_zero_pads(format::ModelT& model) {
  format::SubGraphT& graph = *model.subgraphs[0];
  std::vector<const format::OperatorT*> makers(graph.tensors.size(), nullptr);
  for (const auto& op : graph.operators) {
    const auto input = static_cast<std::size_t>(op->inputs[0]);
    if (code_of(model, *op) == BuiltinOperator::padv2 && makers[input] != nullptr &&
        is_never_negative(model, *makers[input])) {
      op->opcode_index = code_index(model, BuiltinOperator::pad, 1);
      op->options.Set(format::PadOptionsT{});
      op->inputs.pop_back();  // the value of the padding
    }
    for (const auto output : op->outputs) makers[static_cast<std::size_t>(output)] = op.get();
  }
}

}  // namespace gensynth::tflite
