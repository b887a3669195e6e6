#pragma once

#include <vector>

#include "architecture/architecture.hpp"
#include "runtime/quantisation/calibration.hpp"

namespace gensynth::quantisation {

/// The outputs of one vertex on the images of a calibration.
struct VertexStatistics {
  Range range;                ///< least and largest value
  std::vector<double> means;  ///< of each channel
  Histogram histogram{Range{}};
};

/// Collects statistics in two passes over the same images: ranges and means first, then histograms of these ranges.
class StatisticsCollector {
 public:
  explicit StatisticsCollector(const Architecture& network);
  /// The output of a vertex for one image: map (C, H, W), tokens (sets, tokens, C), vector (C). Throws Error naming the
  /// vertex for a value that is not finite.
  void first_pass(int vertex, const float* values, std::size_t count);
  void second_pass(int vertex, const float* values, std::size_t count);
  std::vector<VertexStatistics> take();  ///< by vertex

 private:
  Architecture network_;
  std::vector<VertexStatistics> vertices_;
  std::vector<double> seen_;  ///< values of each channel, by vertex
  bool second_ = false;
};

}  // namespace gensynth::quantisation
