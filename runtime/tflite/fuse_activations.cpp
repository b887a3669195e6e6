#include <optional>
#include <vector>

#include "runtime/tflite/model.hpp"

namespace gensynth::tflite {
namespace {

using format::BuiltinOperator;
using format::FusedActivation;

std::optional<FusedActivation> as_fused(BuiltinOperator code) {
  if (code == BuiltinOperator::relu) return FusedActivation::relu;
  if (code == BuiltinOperator::relu6) return FusedActivation::relu6;
  return std::nullopt;
}

/// The field of an operator for a fused activation; nullptr if it has none. CONCATENATION has the field, but no
/// runtime's kernel reads it.
FusedActivation* activation_of(format::OperatorT& op) {
  auto& options = op.options;
  if (auto* conv = options.AsConv2DOptions()) return &conv->fused_activation;
  if (auto* depthwise = options.AsDepthwiseConv2DOptions()) return &depthwise->fused_activation;
  if (auto* matrix = options.AsFullyConnectedOptions()) return &matrix->fused_activation;
  if (auto* pool = options.AsPool2DOptions()) return &pool->fused_activation;
  if (auto* add = options.AsAddOptions()) return &add->fused_activation;
  if (auto* sub = options.AsSubOptions()) return &sub->fused_activation;
  if (auto* mul = options.AsMulOptions()) return &mul->fused_activation;
  return nullptr;
}

}  // namespace

void fuse_activations(format::ModelT& model) {
  format::SubGraphT& graph = *model.subgraphs[0];
  std::vector<int> readers(graph.tensors.size(), 0);
  std::vector<format::OperatorT*> makers(graph.tensors.size(), nullptr);
  for (const auto& op : graph.operators) {
    for (const auto input : op->inputs) ++readers[static_cast<std::size_t>(input)];
    for (const auto output : op->outputs) makers[static_cast<std::size_t>(output)] = op.get();
  }
  for (const auto output : graph.outputs) ++readers[static_cast<std::size_t>(output)];

  std::erase_if(graph.operators, [&](const auto& op) {
    const auto fused = as_fused(code_of(model, *op));
    if (!fused) return false;
    const auto input = static_cast<std::size_t>(op->inputs[0]);
    FusedActivation* place = makers[input] != nullptr ? activation_of(*makers[input]) : nullptr;
    if (place == nullptr || *place != FusedActivation::none || readers[input] != 1) return false;
    *place = *fused;
    makers[input]->outputs = op->outputs;
    makers[static_cast<std::size_t>(op->outputs[0])] = makers[input];
    return true;
  });
}

}  // namespace gensynth::tflite
