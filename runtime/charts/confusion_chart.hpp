#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gensynth::charts {

/// A confusion matrix: rows are the true classes, columns the answers. A cell is the darker, the larger its share of
/// its row.
struct ConfusionChart {
  std::string title;
  std::string subtitle;
  std::vector<std::string> classes;
  std::vector<std::vector<std::int64_t>> counts;  ///< by class, then by answer
};

/// A self-contained SVG. Counts are written into the cells of up to 40 classes; with more, cells are small and have
/// tooltips alone.
std::string to_svg(const ConfusionChart& chart);

}  // namespace gensynth::charts
