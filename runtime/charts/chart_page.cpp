#include "runtime/charts/chart_page.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "runtime/drawing/describe.hpp"

namespace gensynth::charts {

ChartPage::ChartPage(double width, const std::string& title, const std::string& subtitle)
    : width_(width), title_(title) {
  canvas_.text(kMargin, 44, drawing::SvgCanvas::fitted(title, inner(), 22), {22, kInk, "start", true, ""});
  canvas_.text(kMargin, 68, drawing::SvgCanvas::fitted(subtitle, inner(), 12.5), {12.5, kMuted, "start", false, ""});
  canvas_.path("M" + drawing::SvgCanvas::number(kMargin) + " 84H" + drawing::SvgCanvas::number(width - kMargin),
               {"none", kRule, 1, ""});
}

void ChartPage::heading(double x, double y, const std::string& words) {
  canvas_.text(x, y, words, {13, kInk, "start", true, ""});
}

double ChartPage::grid(std::size_t panels, int columns, double gap, double row_gap,
                       const std::function<double(std::size_t, double, double, double)>& draw) const {
  const double width = (inner() - (columns - 1) * gap) / columns;
  double top = kTop + 10;
  double bottom = top;
  for (std::size_t i = 0; i < panels; ++i) {
    const auto column = static_cast<int>(i % static_cast<std::size_t>(columns));
    if (column == 0 && i > 0) top = bottom + row_gap;
    const double end = draw(i, kMargin + column * (width + gap), top, width);
    bottom = column == 0 ? end : std::max(bottom, end);
  }
  return bottom;
}

std::string ChartPage::finish(double height, const std::string& definitions) const {
  const std::string w = drawing::SvgCanvas::number(width_);
  const std::string h = drawing::SvgCanvas::number(height);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h + "\" viewBox=\"0 0 " + w + " " +
         h + "\" font-family=\"Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n<title>" +
         drawing::escape_xml(title_) + "</title>\n" +
         (definitions.empty() ? "" : "<defs>\n" + definitions + "</defs>\n") +
         "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n" + canvas_.content() + "</svg>\n";
}

const char* ChartPage::series_colour(std::size_t index) {
  static constexpr std::array<const char*, 8> kColours{"#0072b2", "#e69f00", "#009e73", "#cc79a7",
                                                       "#56b4e9", "#d55e00", "#8c8c8c", "#b8a800"};
  return kColours[index % kColours.size()];
}

std::string ChartPage::digits(double value) {
  std::array<char, 32> buffer{};
  const double size = std::abs(value);
  std::snprintf(buffer.data(), buffer.size(),
                size < 0.9995  ? "%.3f"
                : size < 9.995 ? "%.2f"
                : size < 99.95 ? "%.1f"
                               : "%.0f",
                value);
  return buffer.data();
}

}  // namespace gensynth::charts
