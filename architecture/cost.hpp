#pragma once

#include <cstdint>

#include "architecture/architecture.hpp"
#include "architecture/metrics.hpp"

namespace gensynth {

/// Exact counts from the graph. MACs are the multiply-accumulates of convolutions, linear layers and attention products
/// (the field's convention); parameters are all trainable values.
struct VertexCost {
  std::int64_t params = 0;
  std::int64_t macs = 0;
};
VertexCost vertex_cost(const Architecture& architecture, int vertex);

struct Cost {
  std::int64_t params = 0;
  std::int64_t macs = 0;
  std::int64_t activation_bytes = 0;   ///< FP32: all tensors written once, the input not among them
  std::int64_t peak_memory_bytes = 0;  ///< FP32: most bytes alive at a time in index order; batch norm, activation,
                                       ///< scale and dropout work in place; weights not included
  int depth = 0;                       ///< convolutions, linear and attention layers on the longest path
};
Cost cost(const Architecture& architecture);

/// Sets params, macs, weight_bytes (FP32), activation_bytes, peak_memory_bytes, depth and vertices.
void set_cost(const Cost& cost, int vertices, Metrics& metrics);

}  // namespace gensynth
