#pragma once

#include <optional>
#include <vector>

#include "runtime/drawing/diagram.hpp"
#include "runtime/drawing/module.hpp"

namespace gensynth::drawing {

/// Measures of the drawing, in pixels.
struct Measures {
  double margin = 28;
  double gutter = 128;  ///< left of the lanes: names of stages
  double title = 112;   ///< above the first stage
  double lane = 236;    ///< width of a card in a lane
  double wide = 520;    ///< width of a card that is alone in its row
  double lane_gap = 44;
  double row_gap = 30;
  double bar = 18;   ///< height with one line of text
  double line = 11;  ///< more for each further line
  double bar_gap = 6;
  double pad = 8;
  double header = 17;
  double band_pad = 16;
  double band_gap = 12;
  double bridge = 30;
};

struct Box {
  double x = 0;
  double y = 0;
  double w = 0;
  double h = 0;
  double middle() const { return x + w / 2; }
  double bottom() const { return y + h; }
};

struct Band {
  Box box;
  std::vector<double> lanes;  ///< middles, one per column of the stage
  double header = 0;          ///< y of the columns' names; 0 if there are none
};

/// A link from the bottom of one unit to the top of another, through a free corridor where units lie between them.
struct Route {
  int from = 0;
  int to = 0;
  double start_x = 0;
  double end_x = 0;
  std::optional<double> corridor;
};

struct Drawing {
  Measures measures;
  double width = 0;
  double height = 0;  ///< of the stages' end
  double content_x = 0;
  double content_w = 0;
  std::vector<Module> modules;                      ///< by unit
  std::vector<Box> boxes;                           ///< by unit
  std::vector<int> rows;                            ///< by unit; rows count through all stages
  std::vector<std::pair<double, double>> row_span;  ///< top and bottom by row
  std::vector<bool> wide;                           ///< bars side by side
  std::vector<Band> bands;                          ///< by stage
  std::vector<Route> routes;
};

Drawing make_drawing(const Architecture& net, const Diagram& diagram);

double bar_height(const Measures& measures, const Bar& bar);

/// The bars that are side by side in a wide card.
int bars_per_row(const Measures& measures, double width);

}  // namespace gensynth::drawing
