#include "runtime/quantisation/statistics.hpp"

#include <algorithm>
#include <cmath>

#include "architecture/base/error.hpp"

namespace gensynth::quantisation {

StatisticsCollector::StatisticsCollector(const Architecture& network)
    : network_(network),
      vertices_(static_cast<std::size_t>(network.size())),
      seen_(static_cast<std::size_t>(network.size()), 0.0) {
  for (int v = 0; v < network.size(); ++v) {
    vertices_[static_cast<std::size_t>(v)].means.assign(static_cast<std::size_t>(network.shape(v).channels), 0.0);
  }
}

void StatisticsCollector::first_pass(int vertex, const float* values, std::size_t count) {
  const auto v = static_cast<std::size_t>(vertex);
  VertexStatistics& statistics = vertices_[v];
  const std::size_t channels = statistics.means.size();
  const bool planes = network_.shape(vertex).layout == Layout::map;
  const std::size_t places = count / channels;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = values[i];
    if (!std::isfinite(value)) {
      throw Error("vertex '" + network_[vertex].id + "' gives values that are not finite on the calibration images");
    }
    statistics.range.low = std::min(statistics.range.low, value);
    statistics.range.high = std::max(statistics.range.high, value);
    statistics.means[planes ? i / places : i % channels] += value;
  }
  seen_[v] += static_cast<double>(places);
}

void StatisticsCollector::second_pass(int vertex, const float* values, std::size_t count) {
  if (!second_) {
    for (VertexStatistics& statistics : vertices_) statistics.histogram = Histogram(statistics.range);
    second_ = true;
  }
  vertices_[static_cast<std::size_t>(vertex)].histogram.add(values, count);
}

std::vector<VertexStatistics> StatisticsCollector::take() {
  for (std::size_t v = 0; v < vertices_.size(); ++v) {
    for (double& mean : vertices_[v].means) mean /= std::max(1.0, seen_[v]);
  }
  return std::move(vertices_);
}

}  // namespace gensynth::quantisation
