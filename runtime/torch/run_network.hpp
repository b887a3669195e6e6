#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"

namespace gensynth::libtorch {

/// Runs a network in inference form on plain arrays, one input (C * H * W values) at a time, for callers without torch
/// headers. Returns the values of the output vertex for each input. Throws the same Error as `check_weights`.
std::vector<std::vector<float>> run_network(const Architecture& architecture, const Weights& weights,
                                            const std::vector<std::vector<float>>& inputs,
                                            const std::string& device = "cpu");

}  // namespace gensynth::libtorch
