#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"
#include "runtime/quantisation/encoding.hpp"
#include "runtime/quantisation/placement.hpp"
#include "runtime/quantisation/statistics.hpp"

namespace gensynth::quantisation {

/// A folded network in 8-bit integers. Float32 arithmetic with these weights, with the output of each vertex rounded to
/// its encoding, computes the same as integer arithmetic up to single steps.
struct QuantisedNetwork {
  Architecture network = ArchitectureBuilder("", {}).build(0);
  Weights weights;  ///< rounded, biases corrected
  std::vector<Place> places;
  std::vector<std::optional<Encoding>> encodings;    ///< by vertex; nothing where the result is not stored as int8
  std::map<std::string, std::vector<float>> scales;  ///< of weights, by array: a scale for each output channel
  std::map<std::string, Encoding> constants;         ///< of the other arrays of integer vertices

  std::int64_t weight_bytes() const;  ///< weights as int8, biases as int32, the rest and scales as float32
};

struct QuantisationOptions {
  Calibration calibration = Calibration::minmax;
  bool correct_bias = true;  ///< moves biases by the mean error of the rounded weights (arXiv:1906.04721, section 4.2)
  std::set<std::string> keep;      ///< ids of vertices that stay in float32
  std::optional<Encoding> images;  ///< of the network's input, instead of one by its values
};

/// `statistics` are those of the same network with the same weights.
QuantisedNetwork quantised(const Architecture& network, const Weights& weights,
                           const std::vector<VertexStatistics>& statistics, const QuantisationOptions& options);

/// The array of a blur's fixed kernel, which is no weight, in `scales`.
std::string blur_array(const std::string& vertex);

}  // namespace gensynth::quantisation
