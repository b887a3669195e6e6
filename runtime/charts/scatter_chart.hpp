#pragma once

#include <string>
#include <vector>

namespace gensynth::charts {

/// Predicted over measured values, in panels.
struct ScatterChart {
  struct Point {
    double measured = 0;  ///< points where one of the two is not above 0 are omitted
    double predicted = 0;
    std::size_t series = 0;
    std::string label;
  };
  struct Panel {
    std::string title;
    std::string remark;               ///< for example, errors
    std::vector<std::string> series;  ///< names of the colours
    std::vector<Point> points;
  };
  std::string title;
  std::string subtitle;
  std::string unit;  ///< of both axes
  std::vector<Panel> panels;
};

/// A self-contained SVG: logarithmic axes, the diagonal, and bands of 10 and 20 % around it. The three points of a
/// panel that are farthest from the diagonal are named if they miss it by more than 20 %.
std::string to_svg(const ScatterChart& chart);

}  // namespace gensynth::charts
