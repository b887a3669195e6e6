#include "runtime/charts/confusion_chart.hpp"

#include <algorithm>
#include <cstdio>

#include "runtime/charts/chart_page.hpp"

namespace gensynth::charts {
namespace {

using Index = std::size_t;
using drawing::SvgCanvas;

constexpr double kNames = 150;  ///< left of the cells and above them
constexpr Index kMostWithCounts = 40;

std::string n(double value) { return SvgCanvas::number(value); }

/// From white to the first colour of the charts; of wrong answers to the sixth, so that they stand out.
std::string shade(double share, bool right) {
  const int from[] = {255, 255, 255};
  const int good[] = {0, 114, 178};
  const int bad[] = {213, 94, 0};
  char text[8];
  int mixed[3];
  for (int i = 0; i < 3; ++i) mixed[i] = static_cast<int>(from[i] + share * ((right ? good : bad)[i] - from[i]));
  std::snprintf(text, sizeof text, "#%02x%02x%02x", mixed[0], mixed[1], mixed[2]);
  return text;
}

}  // namespace

std::string to_svg(const ConfusionChart& chart) {
  const Index count = chart.classes.size();
  const bool large = count <= kMostWithCounts;
  const double cell = large ? std::clamp(760.0 / static_cast<double>(std::max<Index>(count, 1)), 19.0, 46.0) : 6;
  const double side = cell * static_cast<double>(count);
  const double left = ChartPage::kMargin + (large ? kNames : 20);
  const double top = ChartPage::kTop + (large ? kNames : 30);
  ChartPage page(std::max(560.0, left + side + ChartPage::kMargin), chart.title, chart.subtitle);
  SvgCanvas& canvas = page.canvas();
  for (Index row = 0; row < count; ++row) {
    std::int64_t total = 0;
    for (const std::int64_t images : chart.counts[row]) total += images;
    const double y = top + cell * static_cast<double>(row);
    if (large) {
      canvas.text(left - 8, y + cell / 2 + 4, SvgCanvas::fitted(chart.classes[row], kNames - 12, 11),
                  {11, ChartPage::kText, "end", false, ""});
      const double x = left + cell * (static_cast<double>(row) + 0.5) + 4;
      canvas.raw("<g transform=\"translate(" + n(x) + " " + n(top - 8) + ") rotate(-90)\">\n");
      canvas.text(0, 0, SvgCanvas::fitted(chart.classes[row], kNames - 12, 11),
                  {11, ChartPage::kText, "start", false, ""});
      canvas.raw("</g>\n");
    }
    for (Index column = 0; column < count; ++column) {
      const std::int64_t images = chart.counts[row][column];
      if (images == 0 && !large) continue;
      const double share = total > 0 ? static_cast<double>(images) / static_cast<double>(total) : 0;
      const double x = left + cell * static_cast<double>(column);
      canvas.open(chart.classes[row] + " taken for " + chart.classes[column] + ": " + std::to_string(images) + " of " +
                      std::to_string(total),
                  "cell");
      canvas.rectangle({x, y, cell - 1, cell - 1}, 0, {shade(share, row == column), ChartPage::kGrid, 0.5, ""});
      if (large && images > 0) {
        canvas.text(x + cell / 2, y + cell / 2 + 4, std::to_string(images),
                    {10, share > 0.55 ? "#ffffff" : ChartPage::kText, "middle", false, ""});
      }
      canvas.close();
    }
  }
  canvas.text(left, top + side + 20, "rows: true classes; columns: answers; shade: share of the row",
              {10, ChartPage::kMuted, "start", false, ""});
  return page.finish(top + side + 40);
}

}  // namespace gensynth::charts
