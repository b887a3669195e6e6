#pragma once

#include <string>
#include <vector>

namespace gensynth::charts {

/// Networks side by side in several panels, for example one with the throughput on each runtime and one with sizes.
struct CompareChart {
  struct Panel {
    std::string title;
    std::string axis;                         ///< the quantity that the length of a bar shows
    std::vector<std::string> series;          ///< bars of each network, from top to bottom; several have a legend
    std::vector<std::vector<double>> values;  ///< by network, then by series; not negative
    double reference = 0;                     ///< a line at this value; 0 means none
  };
  std::string title;
  std::string subtitle;
  std::vector<std::string> networks;
  std::vector<Panel> panels;
};

/// A self-contained SVG. A network has the same colour in all panels.
std::string to_svg(const CompareChart& chart);

}  // namespace gensynth::charts
