#include "runtime/charts/scatter_chart.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/charts/chart_page.hpp"

namespace gensynth::charts {
namespace {

using Index = std::size_t;
using Panel = ScatterChart::Panel;
using Point = ScatterChart::Point;
constexpr double kGap = 44;
constexpr double kAxis = 34;  ///< left of the plot: numbers
constexpr Index kNamed = 3;
constexpr double kNamedFrom = 0.2;

std::string n(double value) { return drawing::SvgCanvas::number(value); }

double miss(const Point& point) { return std::abs(std::log(point.predicted / point.measured)); }

std::string tick_text(double value) {
  std::string text = ChartPage::digits(value);
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

/// A square with the same logarithmic scale on both axes.
class Plot {
 public:
  Plot(const std::vector<Point>& points, double x, double y, double side) : x_(x), y_(y), side_(side) {
    double low = points.empty() ? 1 : points.front().measured;
    double high = low;
    for (const Point& point : points) {
      low = std::min({low, point.measured, point.predicted});
      high = std::max({high, point.measured, point.predicted});
    }
    low_ = std::log(low / 1.25);
    high_ = std::log(high * 1.25);
  }
  double at_x(double value) const { return x_ + side_ * share(value); }
  double at_y(double value) const { return y_ + side_ * (1 - share(value)); }

  void frame(drawing::SvgCanvas& canvas) const {
    canvas.rectangle({x_, y_, side_, side_}, 0, {"#fafbfc", ChartPage::kRule, 1, ""});
    for (const double width : {0.2, 0.1}) band(canvas, width);
    const bool few_decades = high_ - low_ < std::log(30);
    for (int power = -6; power <= 9; ++power) {
      for (const double factor : {1.0, 2.0, 5.0}) {
        const double value = factor * std::pow(10, power);
        if (std::log(value) < low_ || std::log(value) > high_ || (!few_decades && factor > 1)) continue;
        canvas.path("M" + n(at_x(value)) + " " + n(y_) + "v" + n(side_), {"none", ChartPage::kGrid, 1, ""});
        canvas.path("M" + n(x_) + " " + n(at_y(value)) + "h" + n(side_), {"none", ChartPage::kGrid, 1, ""});
        canvas.text(at_x(value), y_ + side_ + 13, tick_text(value), {9.5, ChartPage::kMuted, "middle", false, ""});
        canvas.text(x_ - 5, at_y(value) + 3, tick_text(value), {9.5, ChartPage::kMuted, "end", false, ""});
      }
    }
    canvas.path("M" + n(x_) + " " + n(y_ + side_) + "L" + n(x_ + side_) + " " + n(y_),
                {"none", ChartPage::kMuted, 1, ""});
  }

 private:
  double share(double value) const { return (std::log(value) - low_) / (high_ - low_); }

  /// The band of predictions with errors up to `width`, clipped to the square.
  void band(drawing::SvgCanvas& canvas, double width) const {
    const double shift = side_ * std::log1p(width) / (high_ - low_);
    const double bottom = y_ + side_;
    const double right = x_ + side_;
    if (shift >= side_) return;
    canvas.path("M" + n(x_) + " " + n(bottom) + "V" + n(bottom - shift) + "L" + n(right - shift) + " " + n(y_) + "H" +
                    n(right) + "V" + n(y_ + shift) + "L" + n(x_ + shift) + " " + n(bottom) + "Z",
                {"#dfe7f1", "none", 1, "fill-opacity=\"0.6\""});
  }

  double x_, y_, side_, low_ = 0, high_ = 1;
};

/// The words of a legend in lines of `width`, broken after commas.
std::vector<std::string> in_lines(const std::string& words, double width, double font_size) {
  std::vector<std::string> lines;
  std::string line;
  for (Index at = 0; at < words.size();) {
    const Index comma = words.find(", ", at);
    const Index next = comma == std::string::npos ? words.size() : comma + 2;
    const std::string part = words.substr(at, next - at);
    if (!line.empty() && drawing::SvgCanvas::fitted(line + part, width, font_size) != line + part) {
      lines.push_back(line);
      line.clear();
    }
    line += part;
    at = next;
  }
  lines.push_back(line);
  return lines;
}

class Page {
 public:
  explicit Page(const ScatterChart& chart) : chart_(chart), page_(1000, chart.title, chart.subtitle) {}

  std::string draw() {
    const double end = page_.grid(chart_.panels.size(), 3, kGap, 36, [&](Index i, double x, double y, double width) {
      return panel(chart_.panels[i], x, y, width);
    });
    return page_.finish(end + 26);
  }

 private:
  double panel(const Panel& panel, double x, double y, double width) {
    drawing::SvgCanvas& canvas = page_.canvas();
    page_.heading(x, y, drawing::SvgCanvas::fitted(panel.title, width, 13));
    canvas.text(x, y + 15, drawing::SvgCanvas::fitted(panel.remark, width, 10),
                {10, ChartPage::kMuted, "start", false, ""});
    std::vector<Point> points;
    for (const Point& point : panel.points) {
      if (point.measured > 0 && point.predicted > 0) points.push_back(point);
    }
    const double side = width - kAxis;
    const Plot plot(points, x + kAxis, y + 26, side);
    plot.frame(canvas);
    for (const Point& point : points) {
      canvas.open(point.label + ": measured " + ChartPage::digits(point.measured) + ", predicted " +
                      ChartPage::digits(point.predicted) + " " + chart_.unit,
                  "point");
      canvas.circle(
          plot.at_x(point.measured), plot.at_y(point.predicted), points.size() > 300 ? 1.4 : 3,
          {ChartPage::series_colour(point.series), "#ffffff", points.size() > 300 ? 0.2 : 0.6, "fill-opacity=\"0.8\""});
      canvas.close();
    }
    name_worst(points, plot, x + kAxis + side / 2);
    double line = y + 26 + side + 28;
    canvas.text(x + kAxis + side / 2, line, "measured, " + chart_.unit, {10, ChartPage::kMuted, "middle", false, ""});
    canvas.text(x + kAxis + 6, y + 40, "predicted, " + chart_.unit, {10, ChartPage::kMuted, "start", false, ""});
    for (Index s = 0; s < panel.series.size(); ++s) {
      canvas.circle(x + kAxis + 4, line + 10.5, 3.5, {ChartPage::series_colour(s), "none", 1, ""});
      for (const std::string& words : in_lines(panel.series[s], side - 13, 10)) {
        line += 14;
        canvas.text(x + kAxis + 13, line, drawing::SvgCanvas::fitted(words, side - 13, 10),
                    {10, ChartPage::kText, "start", false, ""});
      }
    }
    return line;
  }

  void name_worst(const std::vector<Point>& points, const Plot& plot, double middle) {
    std::vector<Index> order(points.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return miss(points[a]) > miss(points[b]); });
    constexpr double kLine = 10;
    std::vector<double> taken;  // heights of the names so far
    for (Index i = 0; i < std::min(kNamed, order.size()); ++i) {
      const Point& point = points[order[i]];
      if (miss(point) <= std::log1p(kNamedFrom)) return;
      const double at = plot.at_x(point.measured);
      const bool left = at > middle;
      double y = plot.at_y(point.predicted) + 3;
      while (std::any_of(taken.begin(), taken.end(), [&](double other) { return std::abs(y - other) < kLine; })) {
        y += kLine;
      }
      taken.push_back(y);
      page_.canvas().text(at + (left ? -6 : 6), y, drawing::SvgCanvas::fitted(point.label, 130, 9),
                          {9, ChartPage::kText, left ? "end" : "start", false, "#ffffff"});
    }
  }

  const ScatterChart& chart_;
  ChartPage page_;
};

}  // namespace

std::string to_svg(const ScatterChart& chart) { return Page(chart).draw(); }

}  // namespace gensynth::charts
