#include <algorithm>
#include <set>

#include "architecture/cost.hpp"
#include "runtime/drawing/describe.hpp"
#include "runtime/drawing/drawing.hpp"
#include "runtime/drawing/layout.hpp"
#include "runtime/drawing/svg_canvas.hpp"
#include "runtime/drawing/svg_units.hpp"

namespace gensynth::drawing {
namespace {

using Index = std::size_t;
constexpr const char* kEdge = "#8b97a5";
constexpr const char* kCrossing = "#6a5acd";  ///< between columns
constexpr const char* kSkipping = "#2f8f83";  ///< past other units
constexpr const char* kBand = "#f4f6f9";
constexpr const char* kOtherBand = "#ebeff5";
constexpr const char* kMuted = "#5d6b7a";

std::string n(double value) { return SvgCanvas::number(value); }

std::string prefixed(std::int64_t number) { return with_prefix(static_cast<double>(number)); }

class Page {
 public:
  explicit Page(const Architecture& net)
      : net_(net), diagram_(make_diagram(net)), layout_(make_drawing(net, diagram_)) {}

  std::string draw() {
    bands();
    routes();
    column_names();
    for (Index u = 0; u < diagram_.units.size(); ++u) {
      draw_unit(net_, diagram_, layout_, static_cast<int>(u), canvas_);
    }
    title();
    const double height = legend();
    return head(height) + canvas_.content() + "</svg>\n";
  }

 private:
  std::string head(double height) const {
    const std::string extent = n(layout_.width) + "\" height=\"" + n(height);
    const auto arrow = [](const char* id, const char* colour) {
      return std::string("<marker id=\"") + id +
             "\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
             "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0.5 0.8L7.5 4L0.5 7.2Z\" fill=\"" +
             colour + "\"/></marker>\n";
    };
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + extent + "\" viewBox=\"0 0 " + n(layout_.width) +
           " " + n(height) +
           "\" font-family=\"Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n<title>" +
           escape_xml(net_.name()) + "</title>\n<defs>\n" + arrow("arrow", kEdge) + arrow("arrow-crossing", kCrossing) +
           arrow("arrow-skipping", kSkipping) + "</defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  }

  void title() {
    const Cost total = cost(net_);
    const double x = layout_.measures.margin;
    const std::string name = net_.name().empty() ? "network" : net_.name();
    canvas_.text(x, 46, SvgCanvas::fitted(name, layout_.width - 2 * x, 24), {24, "#17202b", "start", true});
    const Shape& in = net_.shape(0);
    canvas_.text(x, 70,
                 prefixed(total.params) + " parameters · " + prefixed(total.macs) + " MACs at " +
                     std::to_string(in.height) + " × " + std::to_string(in.width) + " · " +
                     std::to_string(net_.size()) + " operators",
                 {13, kMuted, "start", false});
    canvas_.path("M" + n(x) + " 88H" + n(layout_.width - x), {"none", "#d5dbe3", 1, ""});
  }

  VertexCost stage_cost(int stage, int column) const {
    VertexCost sum;
    for (const Unit& unit : diagram_.units) {
      if (unit.stage != stage || (column >= 0 && unit.column != column)) continue;
      for (const int v : unit.vertices) {
        const VertexCost one = vertex_cost(net_, v);
        sum.params += one.params;
        sum.macs += one.macs;
      }
    }
    return sum;
  }

  void bands() {
    for (Index s = 0; s < layout_.bands.size(); ++s) {
      const Band& band = layout_.bands[s];
      const DiagramStage& stage = diagram_.stages[s];
      canvas_.rectangle(band.box, 10, {s % 2 == 0 ? kBand : kOtherBand, "none", 1, ""});
      const double x = band.box.x + 16;
      double y = band.box.y + 28;
      canvas_.text(x, y, stage.title, {14, "#17202b", "start", true});
      if (!stage.size.empty()) canvas_.text(x, y += 17, stage.size, {12, "#26323f", "start", false});
      const VertexCost spent = stage_cost(static_cast<int>(s), -1);
      if (spent.macs + spent.params > 0) {
        canvas_.text(x, y += 15, prefixed(spent.params) + " param.", {10, kMuted, "start", false});
        canvas_.text(x, y + 13, prefixed(spent.macs) + " MACs", {10, kMuted, "start", false});
      }
    }
  }

  void column_names() {
    for (Index s = 0; s < layout_.bands.size(); ++s) {
      const Band& band = layout_.bands[s];
      const DiagramStage& stage = diagram_.stages[s];
      const VertexCost spent = stage_cost(static_cast<int>(s), -1);
      for (Index lane = 0; lane < band.lanes.size(); ++lane) {
        const int column = stage.columns[lane];
        const VertexCost part = stage_cost(static_cast<int>(s), column);
        const double share =
            spent.macs > 0 ? 100.0 * static_cast<double>(part.macs) / static_cast<double>(spent.macs) : 0;
        canvas_.text(band.lanes[lane] - layout_.measures.lane / 2 + 4, band.header,
                     "column " + std::to_string(column + 1) + " · " + n(static_cast<int>(share + 0.5)) + " % of MACs",
                     {10, kMuted, "start", false, s % 2 == 0 ? kBand : kOtherBand});
      }
    }
  }

  /// An S-shaped curve in the gap between two rows, straight where the ends are above each other.
  static std::string curve(double x1, double y1, double x2, double y2) {
    if (std::abs(x1 - x2) < 0.5) return "V" + n(y2);
    const double middle = (y1 + y2) / 2;
    return "C" + n(x1) + " " + n(middle) + " " + n(x2) + " " + n(middle) + " " + n(x2) + " " + n(y2);
  }

  void routes() {
    for (const Route& route : layout_.routes) {
      const Unit& from = diagram_.units[static_cast<Index>(route.from)];
      const Unit& to = diagram_.units[static_cast<Index>(route.to)];
      const bool crossing = from.stage == to.stage && from.column >= 0 && to.column >= 0 && from.column != to.column;
      const double y1 = layout_.boxes[static_cast<Index>(route.from)].bottom();
      const double y2 = layout_.boxes[static_cast<Index>(route.to)].y - 1;
      std::string data = "M" + n(route.start_x) + " " + n(y1);
      bool skipping = false;
      if (route.corridor) {
        const auto row = static_cast<Index>(layout_.rows[static_cast<Index>(route.from)]);
        const auto last = static_cast<Index>(layout_.rows[static_cast<Index>(route.to)]);
        const double enter = layout_.row_span[row + 1].first;
        const double leave = layout_.row_span[last - 1].second;
        const double rest = layout_.row_span[row].second;
        skipping = std::abs(*route.corridor - route.start_x) > 0.5 && std::abs(*route.corridor - route.end_x) > 0.5;
        if (rest > y1) data += "V" + n(rest);
        data += curve(route.start_x, std::max(y1, rest), *route.corridor, enter) + "V" + n(leave) +
                curve(*route.corridor, leave, route.end_x, y2);
      } else {
        const double rest = layout_.row_span[static_cast<Index>(layout_.rows[static_cast<Index>(route.from)])].second;
        if (rest > y1) data += "V" + n(rest);
        data += curve(route.start_x, std::max(y1, rest), route.end_x, y2);
      }
      const char* colour = crossing ? kCrossing : skipping ? kSkipping : kEdge;
      const std::string marker = crossing ? "arrow-crossing" : skipping ? "arrow-skipping" : "arrow";
      canvas_.path(data, {"none", colour, 1.4, "marker-end=\"url(#" + marker + ")\""});
      crossing_ = crossing_ || crossing;
      skipping_ = skipping_ || skipping;
    }
  }

  /// Draws a legend of the groups that occur. Returns the height of the page.
  double legend() {
    std::set<Ink> inks;
    bool residual = false;
    for (const Module& module : layout_.modules) {
      for (const auto* bars : {&module.top, &module.left, &module.right, &module.bottom}) {
        for (const Bar& bar : *bars) inks.insert(bar.ink);
      }
      residual = residual || module.residual;
    }
    inks.erase(Ink::quiet);
    double x = layout_.measures.margin;
    double y = layout_.height + 30;
    const auto next = [&](const std::string& words, double swatch) {
      const double width = swatch + 12 + 6.1 * static_cast<double>(words.size());
      if (x + width > layout_.width - layout_.measures.margin) {
        x = layout_.measures.margin;
        y += 20;
      }
      canvas_.text(x + swatch + 6, y, words, {10.5, "#26323f", "start", false});
      const double at = x;
      x += width + 12;
      return at;
    };
    for (const Ink colour : inks) {
      const double at = next(ink_name(colour), 20);
      canvas_.rectangle({at, y - 10, 20, 12}, 3, {fill_colour(colour), stroke_colour(colour), 1, ""});
    }
    const auto line = [&](const char* words, const char* colour, bool shown) {
      if (!shown) return;
      const double at = next(words, 22);
      canvas_.path("M" + n(at) + " " + n(y - 4) + "h20", {"none", colour, 1.8, ""});
    };
    line("link between columns", kCrossing, crossing_);
    line("residual or skip", kSkipping, skipping_ || residual);
    return y + 24;
  }

  const Architecture& net_;
  Diagram diagram_;
  Drawing layout_;
  SvgCanvas canvas_;
  bool crossing_ = false;
  bool skipping_ = false;
};

}  // namespace

std::string to_svg(const Architecture& architecture) { return Page(architecture).draw(); }

}  // namespace gensynth::drawing
