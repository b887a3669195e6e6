#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"
#include "runtime/tflite/graph.hpp"

namespace gensynth::tflite {

/// The vertex whose operators are made. Values by layout, for a batch of N: map (N, H, W, C), tokens
/// (N * sets, tokens, C), vector (N, C). Channels are the last axis of each.
struct EmitContext {
  Graph& graph;
  const std::string& id;
  const Weights& weights;
  const std::vector<Graph::Value>& inputs;  ///< -1 if the operator does not read the input's values
  const std::vector<Shape>& shapes;         ///< of the inputs
  const Shape& shape;                       ///< of the output
  int batch;

  const WeightArray& array(const std::string& parameter) const;
  /// An array with one value per channel, as a constant.
  Graph::Value per_channel(const std::string& parameter) const;
  Graph::Value scalar(const std::string& word, double value) const;
  Graph::Dims dims() const;  ///< of the output
};

Graph::Dims tflite_dims(const Shape& shape, int batch);

/// Adds the operators of one vertex and returns their result; it may be the input itself if no operator is needed.
/// Throws Error naming the vertex when it cannot be expressed.
Graph::Value emit(const Operator& op, const EmitContext& context);

// Parts of emit().
Graph::Value emit_convolution(const Convolution& op, const EmitContext& context);
Graph::Value emit_pool(const Pool& op, const EmitContext& context);
Graph::Value emit_blur(const BlurPool& op, const EmitContext& context);
Graph::Value emit_linear(const Linear& op, const EmitContext& context);
Graph::Value emit_to_tokens(const ToTokens& op, const EmitContext& context);
Graph::Value emit_from_tokens(const FromTokens& op, const EmitContext& context);
Graph::Value emit_attention(const MultiHeadAttention& op, const EmitContext& context);
Graph::Value emit_attention(const CrossCovarianceAttention& op, const EmitContext& context);
Graph::Value emit_positional_encoding(const PositionalEncoding& op, const EmitContext& context);

/// Reshapes `x` to `dims`, permutes its axes and reshapes it to `result`. Axes of extent 1 and axes that stay
/// neighbours are not moved, so that runtimes get the smallest transposition, or none.
Graph::Value permute(Graph& graph, Graph::Value x, const Graph::Dims& dims, const Graph::Dims& order,
                     const Graph::Dims& result);

}  // namespace gensynth::tflite
