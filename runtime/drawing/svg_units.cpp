#include "runtime/drawing/svg_units.hpp"

#include <algorithm>

#include "architecture/cost.hpp"

namespace gensynth::drawing {
namespace {

using Index = std::size_t;
constexpr const char* kLine = "#7b8794";
constexpr const char* kResidual = "#2f8f83";
constexpr double kLabel = 9;

class UnitDrawer {
 public:
  UnitDrawer(const Architecture& net, const Drawing& layout, SvgCanvas& canvas)
      : net_(net), m_(layout.measures), canvas_(canvas) {}

  void card(const Module& module, const Box& box, bool side_by_side, const Unit& unit) {
    canvas_.rectangle(box, 7, {"#ffffff", unit.kind == Unit::Kind::bridge ? "#9aa6b4" : "#c3ccd7", 1, ""});
    if (side_by_side) {
      row_of_bars(module.top, box);
      if (module.residual) residual(box);
      return;
    }
    double y = box.y + m_.pad;
    if (!module.title.empty()) y = header(module, box, unit);
    y = column_of_bars(module.top, box.x + m_.pad, box.w - 2 * m_.pad, y, true);
    if (module.branches()) branches(module, box, y);
    if (module.residual) residual(box);
  }

  /// A trapezoid that is narrower below, for operators with fewer output places than input places.
  void downsample(const Module& module, const Box& box) {
    const Ink colour = module.top.empty() ? Ink::blur : module.top.front().ink;
    const double inset = 34;
    canvas_.path(trapezoid(box, 10, inset), {fill_colour(colour), stroke_colour(colour), 1.2, ""});
    std::string label;
    for (const Bar& bar : module.top) label += (label.empty() ? "" : " · ") + bar.lines.front();
    label_in(label, box.middle(), box.y + box.h / 2, box.w - 2 * inset, 10, true);
  }

  void pill(const Module& module, const Box& box) {
    canvas_.rectangle(box, box.h / 2, {"#26323f", "none", 1, ""});
    canvas_.text(box.middle(), box.y + box.h / 2 + 4, module.top.empty() ? "image" : module.top.front().lines.front(),
                 {11, "#ffffff", "middle", true});
  }

 private:
  static std::string n(double value) { return SvgCanvas::number(value); }

  /// Corners cut at the top or at the bottom by the insets.
  static std::string trapezoid(const Box& box, double top, double bottom) {
    return "M" + n(box.x + top) + " " + n(box.y) + "H" + n(box.x + box.w - top) + "L" + n(box.x + box.w - bottom) +
           " " + n(box.bottom()) + "H" + n(box.x + bottom) + "Z";
  }

  void label_in(const std::string& label, double x, double y, double width, double size, bool bold) {
    canvas_.text(x, y + size * 0.36, SvgCanvas::fitted(label, width, size), {size, "#26323f", "middle", bold});
  }

  std::string tooltip(const std::vector<int>& vertices) const {
    std::string text;
    for (const int v : vertices) text += (text.empty() ? "" : "\n") + long_label(net_, v);
    return text;
  }

  void bar(const Bar& bar, const Box& box) {
    const SvgCanvas::Style style{fill_colour(bar.ink), stroke_colour(bar.ink), 1, ""};
    canvas_.open(tooltip(bar.vertices), "op");
    if (bar.circle) {
      canvas_.circle(box.middle(), box.y + box.h / 2, 8.5, {"#ffffff", stroke_colour(Ink::gate), 1.4, ""});
      canvas_.text(box.middle(), box.y + box.h / 2 + 3.6, bar.lines.front(),
                   {11, stroke_colour(Ink::gate), "middle", true});
    } else {
      double cut = 0;
      if (bar.ink == Ink::condenser || bar.ink == Ink::expansion) {
        cut = 8;
        canvas_.path(bar.ink == Ink::condenser ? trapezoid(box, 0, cut) : trapezoid(box, cut, 0), style);
      } else {
        canvas_.rectangle(box, 3, style);
      }
      double y = box.y + box.h / 2 - m_.line * (static_cast<double>(bar.lines.size()) - 1) / 2;
      for (const std::string& line : bar.lines) {
        label_in(line, box.middle(), y, box.w - cut - 4, kLabel, false);
        y += m_.line;
      }
    }
    canvas_.close();
  }

  /// Draws bars below each other, connected by a line; bars with more channels are wider. Returns the y of the next
  /// bar.
  double column_of_bars(const std::vector<Bar>& bars, double x, double width, double y, bool by_channels) {
    int most = 1;
    for (const Bar& b : bars) most = std::max(most, b.channels);
    if (bars.size() > 1) {
      const double end = y + stack(bars) - m_.bar_gap;
      thread(x + width / 2, y, end);
    }
    for (const Bar& b : bars) {
      const double share = by_channels ? 0.62 + 0.38 * b.channels / most : b.ink == Ink::embedding ? 0.86 : 1.0;
      bar(b, {x + width * (1 - share) / 2, y, width * share, bar_height(m_, b)});
      y += bar_height(m_, b) + m_.bar_gap;
    }
    return y;
  }

  void row_of_bars(const std::vector<Bar>& bars, const Box& box) {
    const int per_row = bars_per_row(m_, box.w);
    const double gap = 14;
    double y = box.y + m_.pad;
    for (Index first = 0; first < bars.size(); first += static_cast<Index>(per_row)) {
      const Index count = std::min(bars.size() - first, static_cast<Index>(per_row));
      const double width = std::min(170.0, (box.w - 2 * m_.pad + gap) / static_cast<double>(count) - gap);
      double x = box.middle() - (static_cast<double>(count) * (width + gap) - gap) / 2;
      for (Index i = first; i < first + count; ++i) {
        if (i > first) {
          canvas_.path("M" + n(x - gap + 2) + " " + n(y + m_.bar / 2) + "H" + n(x - 2),
                       {"none", kLine, 1.2, "marker-end=\"url(#arrow)\""});
        }
        bar(bars[i], {x, y, width, m_.bar});
        x += width + gap;
      }
      y += m_.bar + m_.bar_gap;
    }
  }

  double header(const Module& module, const Box& box, const Unit& unit) {
    const double y = box.y + m_.pad + 8;
    std::int64_t macs = 0;
    for (const int v : unit.vertices) macs += vertex_cost(net_, v).macs;
    canvas_.text(box.x + m_.pad, y, module.title, {10, "#26323f", "start", true});
    const std::string channels = std::to_string(net_.shape(unit.vertices.back()).channels) + " ch";
    canvas_.text(box.x + box.w - m_.pad, y, channels + " · " + with_prefix(static_cast<double>(macs)) + " MACs",
                 {9, "#5d6b7a", "end", false});
    return box.y + m_.pad + m_.header;
  }

  void thread(double x, double from, double to) {
    canvas_.path("M" + n(x) + " " + n(from) + "V" + n(to), {"none", kLine, 1.2, ""});
  }

  void bend(double x1, double y1, double x2, double y2) {
    const double middle = (y1 + y2) / 2;
    canvas_.path("M" + n(x1) + " " + n(y1) + "C" + n(x1) + " " + n(middle) + " " + n(x2) + " " + n(middle) + " " +
                     n(x2) + " " + n(y2),
                 {"none", kLine, 1.2, ""});
  }

  double stack(const std::vector<Bar>& bars) const {
    double height = 0;
    for (const Bar& b : bars) height += bar_height(m_, b) + m_.bar_gap;
    return height;
  }

  /// Draws the attention branch on the left and the features on the right; in the older condenser these are V itself.
  void branches(const Module& module, const Box& box, double y) {
    const double gap = module.right.empty() ? 44 : 12;
    const double width = module.right.empty() ? 132 : (box.w - 2 * m_.pad - gap) / 2;
    const double left = module.right.empty() ? box.middle() - width / 2 : box.x + m_.pad;
    const double right = module.right.empty() ? left + width / 2 + gap : left + width + gap;
    const double fork = y - (module.top.empty() ? 0 : m_.bar_gap);
    const double begin = y + 12;
    const double end = begin + std::max(stack(module.left), stack(module.right)) - m_.bar_gap;
    const double product = end + 17;
    for (const auto& [bars, x] : {std::pair{&module.left, left}, std::pair{&module.right, right}}) {
      const double middle = x + width / 2;
      bend(box.middle(), fork, middle, begin);
      thread(middle, begin, end);
      bend(middle, end, box.middle(), product);
      column_of_bars(*bars, x, width, begin, false);
    }
    canvas_.open(tooltip(module.product), "op");
    canvas_.circle(box.middle(), product, 8.5, {"#ffffff", stroke_colour(Ink::gate), 1.4, ""});
    const std::string x = n(box.middle() - 3.2);
    canvas_.path("M" + x + " " + n(product - 3.2) + "l6.4 6.4m0 -6.4l-6.4 6.4",
                 {"none", stroke_colour(Ink::gate), 1.5, ""});
    canvas_.close();
    if (!module.bottom.empty()) {
      thread(box.middle(), product + 8.5, product + 15);
      column_of_bars(module.bottom, box.x + m_.pad, box.w - 2 * m_.pad, product + 15, true);
    }
  }

  /// Draws a residual link from the top edge around the right side to the bottom edge, with a plus at its end.
  void residual(const Box& box) {
    const double x = box.x + box.w;
    const double out = x + 15;
    const double top = box.y + 12;
    const double bottom = box.bottom() - 12;
    if (bottom - top < 24) {
      canvas_.path("M" + n(x) + " " + n(box.y + 8) + "C" + n(x + 22) + " " + n(box.y + 6) + " " + n(x + 22) + " " +
                       n(bottom + 4) + " " + n(x + 5.5) + " " + n(bottom + 2),
                   {"none", kResidual, 1.4, ""});
      plus(x, bottom + 2);
      return;
    }
    canvas_.path("M" + n(x) + " " + n(top) + "C" + n(out) + " " + n(top) + " " + n(out) + " " + n(top + 4) + " " +
                     n(out) + " " + n(top + 12) + "V" + n(bottom - 12) + "C" + n(out) + " " + n(bottom) + " " + n(out) +
                     " " + n(bottom) + " " + n(x + 5) + " " + n(bottom),
                 {"none", kResidual, 1.4, ""});
    plus(x, bottom);
  }

  void plus(double x, double y) {
    canvas_.circle(x, y, 5.5, {"#ffffff", kResidual, 1.3, ""});
    canvas_.path("M" + n(x - 3) + " " + n(y) + "h6m-3 -3v6", {"none", kResidual, 1.3, ""});
  }

  const Architecture& net_;
  const Measures& m_;
  SvgCanvas& canvas_;
};

std::string summary(const Architecture& net, const Unit& unit) {
  std::string text;
  constexpr Index kMost = 12;
  for (Index i = 0; i < std::min(unit.vertices.size(), kMost); ++i) {
    text += (text.empty() ? "" : "\n") + long_label(net, unit.vertices[i]);
  }
  if (unit.vertices.size() > kMost) text += "\n... " + std::to_string(unit.vertices.size() - kMost) + " more";
  return text;
}

}  // namespace

void draw_unit(const Architecture& net, const Diagram& diagram, const Drawing& layout, int unit, SvgCanvas& canvas) {
  const Unit& drawn = diagram.units[static_cast<Index>(unit)];
  const Module& module = layout.modules[static_cast<Index>(unit)];
  const Box& box = layout.boxes[static_cast<Index>(unit)];
  UnitDrawer drawer(net, layout, canvas);
  canvas.open(summary(net, drawn), "unit");
  switch (drawn.kind) {
    case Unit::Kind::input:
      drawer.pill(module, box);
      break;
    case Unit::Kind::downsample:
      drawer.downsample(module, box);
      break;
    default:
      drawer.card(module, box, layout.wide[static_cast<Index>(unit)], drawn);
  }
  canvas.close();
}

}  // namespace gensynth::drawing
