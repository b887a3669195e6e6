#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth {

/// A dense FP32 array, row-major.
struct WeightArray {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// By "VERTEX_ID.PARAMETER". Parameters by operator:
///   convolution  weight (out, in/groups, kh, kw), bias (out)
///   batch_norm   weight, bias, running_mean, running_var (C)      layer_norm  weight, bias (C)
///   prelu        weight (C)                                        linear      weight (out, in), bias (out)
///   multi_head_attention  qkv_weight (3C, C), qkv_bias (3C), proj_weight (C, C), proj_bias (C)
///   cross_covariance_attention  the same and temperature (heads)
///   positional_encoding  weight (C, 2 hidden), bias (C)            scale       weight (C) or (1)
using Weights = std::map<std::string, WeightArray>;

/// Name and shape of every array that the architecture needs, in vertex order; buffers included.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> weight_shapes(const Architecture& architecture);

/// Throws Error naming the first array that is missing, unknown or has another shape.
void check_weights(const Architecture& architecture, const Weights& weights, const std::string& source);

/// Deterministic He-normal initial values (batch norm 1, 0, 0, 1), by seed and array name alone.
Weights initial_weights(const Architecture& architecture, std::uint64_t seed);

}  // namespace gensynth
