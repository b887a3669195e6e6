#pragma once

#include <string>
#include <vector>

namespace gensynth::charts {

/// Networks side by side in several panels: throughput in one for each runtime, size in another, say.
struct CompareChart {
  struct Panel {
    std::string title;
    std::string axis;                         ///< what a bar's length is
    std::vector<std::string> series;          ///< bars of each network, from top to bottom; more than one: a legend
    std::vector<std::vector<double>> values;  ///< by network, then by series; not negative
    double reference = 0;                     ///< a line at this value; 0: none
  };
  std::string title;
  std::string subtitle;
  std::vector<std::string> networks;
  std::vector<Panel> panels;
};

/// A drawing that stands alone. A network has the same colour in all panels.
std::string to_svg(const CompareChart& chart);

}  // namespace gensynth::charts
