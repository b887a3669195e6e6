#pragma once

#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"
#include "runtime/onnx/onnx_graph.hpp"

namespace gensynth::onnx {

/// The vertex whose nodes are made. Values by layout: map (1, C, H, W), tokens (sets, tokens, C), vector (1, C).
struct EmitContext {
  OnnxGraph& graph;
  const std::string& id;
  const Weights& weights;
  const std::vector<OnnxGraph::Value>& inputs;  ///< "" if the operator does not read the input's values
  const std::vector<Shape>& shapes;             ///< of the inputs
  const Shape& shape;                           ///< of the output

  const WeightArray& array(const std::string& parameter) const;
  /// The array as a constant, row-major with the given extents.
  OnnxGraph::Value constant(const std::string& parameter, const OnnxGraph::Dims& extents) const;
};

OnnxGraph::Dims onnx_dims(const Shape& shape);

/// Adds the nodes of one operator and returns their result; may be the input itself for an identity.
OnnxGraph::Value emit(const Operator& op, const EmitContext& context);

OnnxGraph::Value emit_attention(const MultiHeadAttention& op, const EmitContext& context);
OnnxGraph::Value emit_attention(const CrossCovarianceAttention& op, const EmitContext& context);
OnnxGraph::Value emit_positional_encoding(const PositionalEncoding& op, const EmitContext& context);

}  // namespace gensynth::onnx
