#include "runtime/drawing/layout.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "runtime/drawing/route.hpp"

namespace gensynth::drawing {
namespace {

using Index = std::size_t;

class Arranger {
 public:
  Arranger(const Architecture& net, const Diagram& diagram) : diagram_(diagram) {
    const Index count = diagram.units.size();
    layout_.boxes.resize(count);
    layout_.rows.assign(count, 0);
    layout_.wide.assign(count, false);
    inputs_.resize(count);
    for (const auto& [from, to] : diagram.links) inputs_[static_cast<Index>(to)].push_back(from);
    for (Index u = 0; u < count; ++u) layout_.modules.push_back(make_module(net, diagram, static_cast<int>(u)));
  }

  Drawing arrange() {
    assign_rows();
    measure_width();
    place_across();
    place_down();
    layout_.routes = make_routes(diagram_, layout_);
    layout_.width = layout_.content_x + layout_.content_w + side_room() + layout_.measures.margin;
    for (Band& band : layout_.bands) band.box.w = layout_.width - 2 * layout_.measures.margin;
    return std::move(layout_);
  }

 private:
  bool in_lanes(int stage) const { return diagram_.stages[static_cast<Index>(stage)].columns.size() > 1; }

  int lane_of(const Unit& unit) const {
    const auto& columns = diagram_.stages[static_cast<Index>(unit.stage)].columns;
    const auto found = std::find(columns.begin(), columns.end(), unit.column);
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
  }

  /// Assigns rows, as early as the inputs allow: one unit for each row and lane; a unit across all lanes is alone in
  /// its row.
  void assign_rows() {
    std::map<std::pair<int, int>, bool> taken;  // by row in the stage and lane; lane -1 means any lane
    int first_row = 0;
    int stage = 0;
    int last_row = -1;
    std::vector<int> order(diagram_.units.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return unit(a).stage < unit(b).stage; });
    std::map<int, bool> across;
    for (const int u : order) {
      if (unit(u).stage != stage) {
        stage = unit(u).stage;
        first_row = last_row + 1;
        taken.clear();
        across.clear();
      }
      int row = first_row;
      for (const int from : inputs_[static_cast<Index>(u)])
        row = std::max(row, layout_.rows[static_cast<Index>(from)] + 1);
      if (in_lanes(stage)) {
        const int lane = lane_of(unit(u));
        while (across[row] || (lane < 0 ? taken[{row, -1}] : taken[{row, lane}])) ++row;
        taken[{row, lane}] = true;
        taken[{row, -1}] = true;
        across[row] = lane < 0;
      }
      layout_.rows[static_cast<Index>(u)] = row;
      last_row = std::max(last_row, row);
    }
    row_units_.resize(static_cast<Index>(last_row) + 1);
    for (const int u : order) row_units_[static_cast<Index>(layout_.rows[static_cast<Index>(u)])].push_back(u);
  }

  void measure_width() {
    const Measures& m = layout_.measures;
    Index lanes = 1;
    for (const auto& stage : diagram_.stages) lanes = std::max(lanes, stage.columns.size());
    for (const auto& units : row_units_) lanes = std::max(lanes, units.size());
    layout_.content_w = std::max(m.wide, static_cast<double>(lanes) * (m.lane + m.lane_gap) - m.lane_gap);
    layout_.content_x = m.margin + m.gutter;
  }

  double lane_middle(Index lane, Index lanes) const {
    const Measures& m = layout_.measures;
    return layout_.content_x + layout_.content_w / 2 +
           (static_cast<double>(lane) - (static_cast<double>(lanes) - 1) / 2) * (m.lane + m.lane_gap);
  }

  /// The positions of the units that u reads, for the order in a row.
  double pull(int u) const {
    double sum = 0;
    for (const int from : inputs_[static_cast<Index>(u)]) sum += layout_.boxes[static_cast<Index>(from)].middle();
    const auto count = static_cast<double>(inputs_[static_cast<Index>(u)].size());
    return count > 0 ? sum / count : 0;
  }

  void place_across() {
    const Measures& m = layout_.measures;
    for (auto& units : row_units_) {
      if (units.empty()) continue;
      const int stage = unit(units.front()).stage;
      const Index lanes = diagram_.stages[static_cast<Index>(stage)].columns.size();
      if (!in_lanes(stage)) {
        std::stable_sort(units.begin(), units.end(), [&](int a, int b) { return pull(a) < pull(b); });
      }
      for (Index i = 0; i < units.size(); ++i) {
        const int u = units[i];
        Box& box = layout_.boxes[static_cast<Index>(u)];
        const int lane = in_lanes(stage) ? lane_of(unit(u)) : -1;
        double middle = layout_.content_x + layout_.content_w / 2;
        box.w = m.lane;
        if (lane >= 0) {
          middle = lane_middle(static_cast<Index>(lane), lanes);
        } else if (in_lanes(stage)) {
          box.w = static_cast<double>(lanes) * (m.lane + m.lane_gap) - m.lane_gap;
        } else if (units.size() > 1) {
          middle = lane_middle(i, units.size());
        } else if (!layout_.modules[static_cast<Index>(u)].branches()) {
          box.w = lone_width(u);
        }
        layout_.wide[static_cast<Index>(u)] =
            (box.w > m.lane || (units.size() == 1 && lane < 0)) && !layout_.modules[static_cast<Index>(u)].branches();
        box.h = height_of(u, box.w);
        box.x = middle - box.w / 2;
      }
    }
  }

  /// The width of a unit that is alone in its row: as its bars need, or across the lanes that it joins.
  double lone_width(int u) const {
    const Measures& m = layout_.measures;
    if (unit(u).kind == Unit::Kind::input) return m.lane;
    double first = layout_.content_x + layout_.content_w;
    double last = 0;
    for (const int from : inputs_[static_cast<Index>(u)]) {
      first = std::min(first, layout_.boxes[static_cast<Index>(from)].x);
      last = std::max(last, layout_.boxes[static_cast<Index>(from)].x + layout_.boxes[static_cast<Index>(from)].w);
    }
    const double middle = layout_.content_x + layout_.content_w / 2;
    const double joined = inputs_[static_cast<Index>(u)].size() > 1 ? 2 * std::max(middle - first, last - middle) : 0;
    const auto bars = static_cast<double>(layout_.modules[static_cast<Index>(u)].top.size());
    return std::max({m.lane, joined, std::min(m.wide, bars * 132 + 2 * m.pad)});
  }

  double stack(const std::vector<Bar>& bars) const {
    double height = 0;
    for (const Bar& bar : bars) height += bar_height(layout_.measures, bar) + layout_.measures.bar_gap;
    return height;
  }

  double height_of(int u, double width) const {
    const Measures& m = layout_.measures;
    const Module& module = layout_.modules[static_cast<Index>(u)];
    if (unit(u).kind == Unit::Kind::input) return 28;
    if (unit(u).kind == Unit::Kind::downsample) return m.bridge + 4;
    if (layout_.wide[static_cast<Index>(u)] || unit(u).kind == Unit::Kind::bridge) {
      const int per_row = bars_per_row(m, width);
      const int rows = (static_cast<int>(module.top.size()) + per_row - 1) / per_row;
      if (layout_.wide[static_cast<Index>(u)]) return std::max(1, rows) * (m.bar + m.bar_gap) - m.bar_gap + 2 * m.pad;
    }
    double height = 2 * m.pad + (module.title.empty() ? 0 : m.header) + stack(module.top) - m.bar_gap;
    if (module.branches()) {
      height += 12 + std::max(stack(module.left), stack(module.right)) + 26 + stack(module.bottom) +
                (module.bottom.empty() ? 0 : m.bar_gap);
    }
    return std::max(height, m.bar + 2 * m.pad);
  }

  void place_down() {
    const Measures& m = layout_.measures;
    double y = m.title;
    Index row = 0;
    layout_.row_span.resize(row_units_.size());
    for (Index s = 0; s < diagram_.stages.size(); ++s) {
      Band band;
      band.box = {m.margin, y, 0, 0};
      y += m.band_pad;
      const Index lanes = diagram_.stages[s].columns.size();
      if (lanes > 1) {
        for (Index lane = 0; lane < lanes; ++lane) band.lanes.push_back(lane_middle(lane, lanes));
        band.header = y + 6;
        y += 24;
      }
      bool first = true;
      while (row < row_units_.size() && !row_units_[row].empty() &&
             unit(row_units_[row].front()).stage == static_cast<int>(s)) {
        if (!first) y += m.row_gap;
        first = false;
        double tallest = 0;
        for (const int u : row_units_[row]) tallest = std::max(tallest, layout_.boxes[static_cast<Index>(u)].h);
        for (const int u : row_units_[row]) layout_.boxes[static_cast<Index>(u)].y = y;
        layout_.row_span[row] = {y, y + tallest};
        y += tallest;
        ++row;
      }
      y += m.band_pad;
      // The gutter holds up to four lines of text.
      y = std::max(y, band.box.y + 84);
      band.box.h = y - band.box.y;
      layout_.bands.push_back(band);
      y += m.band_gap;
    }
    layout_.height = y - m.band_gap;
  }

  double side_room() const {
    double most = layout_.content_x + layout_.content_w;
    for (const Route& route : layout_.routes) most = std::max(most, route.corridor.value_or(0));
    return most - layout_.content_x - layout_.content_w + 28;
  }

  const Unit& unit(int u) const { return diagram_.units[static_cast<Index>(u)]; }

  const Diagram& diagram_;
  Drawing layout_;
  std::vector<std::vector<int>> inputs_;
  std::vector<std::vector<int>> row_units_;
};

}  // namespace

double bar_height(const Measures& measures, const Bar& bar) {
  return measures.bar + measures.line * (static_cast<double>(std::max<std::size_t>(1, bar.lines.size())) - 1);
}

int bars_per_row(const Measures& measures, double width) {
  constexpr double kNarrowest = 96;
  return std::max(1, static_cast<int>((width - 2 * measures.pad) / (kNarrowest + 14)));
}

Drawing make_drawing(const Architecture& net, const Diagram& diagram) { return Arranger(net, diagram).arrange(); }

}  // namespace gensynth::drawing
