#include "runtime/charts/compare_chart.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/charts/chart_page.hpp"

namespace gensynth::charts {
namespace {

using Index = std::size_t;
using Panel = CompareChart::Panel;
constexpr double kBar = 12;
constexpr double kName = 150;  ///< left of the bars
constexpr double kValue = 44;  ///< right of them
constexpr double kGap = 36;    ///< between panels

std::string n(double value) { return drawing::SvgCanvas::number(value); }

/// 1, 2 or 5 times a power of ten, so that there are three to seven steps up to `top`.
double step_of(double top) {
  const double rough = top / 4;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (rough <= factor * power) return factor * power;
  }
  return 10 * power;
}

class Page {
 public:
  explicit Page(const CompareChart& chart) : chart_(chart), page_(1000, chart.title, chart.subtitle) {}

  std::string draw() {
    const double end = page_.grid(chart_.panels.size(), 2, kGap, 34, [&](Index i, double x, double y, double width) {
      return panel(chart_.panels[i], x, y, width);
    });
    return page_.finish(end + 26);
  }

 private:
  double panel(const Panel& panel, double x, double y, double width) {
    drawing::SvgCanvas& canvas = page_.canvas();
    page_.heading(x, y, drawing::SvgCanvas::fitted(panel.title, width, 13));
    double top = panel.reference;
    Index bars = 1;
    for (const auto& values : panel.values) {
      bars = std::max(bars, values.size());
      for (const double value : values) top = std::max(top, value);
    }
    if (top <= 0) top = 1;
    const double step = step_of(top);
    const double span = width - kName - kValue;
    const auto at = [&](double value) { return x + kName + span * value / top; };
    const double group = static_cast<double>(bars) * kBar + 8;
    const double first = y + 14;
    const double last = first + group * static_cast<double>(chart_.networks.size());
    for (int i = 0; step * i <= top * 1.0001; ++i) {
      canvas.path("M" + n(at(step * i)) + " " + n(first) + "V" + n(last), {"none", ChartPage::kGrid, 1, ""});
      canvas.text(at(step * i), last + 13, tick(step * i), {9.5, ChartPage::kMuted, "middle", false, ""});
    }
    if (panel.reference > 0) {
      canvas.path("M" + n(at(panel.reference)) + " " + n(first - 2) + "V" + n(last),
                  {"none", ChartPage::kMuted, 1, "stroke-dasharray=\"3 3\""});
    }
    for (Index net = 0; net < panel.values.size(); ++net) {
      const double group_y = first + group * static_cast<double>(net) + 4;
      canvas.text(x + kName - 8, group_y + static_cast<double>(bars) * kBar / 2 + 4,
                  drawing::SvgCanvas::fitted(chart_.networks[net], kName - 10, 11),
                  {11, ChartPage::kText, "end", false, ""});
      for (Index s = 0; s < panel.values[net].size(); ++s) {
        const double value = panel.values[net][s];
        const double bar_y = group_y + static_cast<double>(s) * kBar;
        const std::string series = s < panel.series.size() ? ", " + panel.series[s] : "";
        canvas.open(chart_.networks[net] + series + ": " + ChartPage::digits(value), "bar");
        const double fade = s == 0 ? 1 : std::max(0.35, 1 - 0.45 * static_cast<double>(s));
        canvas.rectangle({x + kName, bar_y, std::max(0.5, at(value) - x - kName), kBar - 2}, 1,
                         {ChartPage::series_colour(net), "none", 1,
                          s == 0 ? "" : "fill-opacity=\"" + ChartPage::digits(fade) + "\""});
        canvas.close();
        canvas.text(at(value) + 5, bar_y + 8.5, ChartPage::digits(value),
                    {9.5, ChartPage::kMuted, "start", false, "#ffffff"});
      }
    }
    std::string words = panel.axis;
    if (panel.series.size() > 1) {
      words += "; bars:";
      for (Index s = 0; s < panel.series.size(); ++s) words += (s == 0 ? " " : ", ") + panel.series[s];
    }
    canvas.text(x + kName, last + 29, drawing::SvgCanvas::fitted(words, width - kName, 10),
                {10, ChartPage::kMuted, "start", false, ""});
    return last + 30;
  }

  static std::string tick(double value) {
    std::string text = ChartPage::digits(value);
    if (text.find('.') == std::string::npos) return text;
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
  }

  const CompareChart& chart_;
  ChartPage page_;
};

}  // namespace

std::string to_svg(const CompareChart& chart) { return Page(chart).draw(); }

}  // namespace gensynth::charts
