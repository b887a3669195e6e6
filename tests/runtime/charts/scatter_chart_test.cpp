#include "runtime/charts/scatter_chart.hpp"

#include <gmock/gmock.h>

#include <regex>

#include "tests/runtime/drawing/xml_checker.hpp"

namespace gensynth::charts {
namespace {

using testing::HasSubstr;
using testing::Not;

ScatterChart sample() {
  ScatterChart chart;
  chart.title = "latency";
  chart.unit = "ms";
  ScatterChart::Panel panel;
  panel.title = "ncnn";
  panel.remark = "5 <measurements>";
  panel.series = {"a board"};
  panel.points = {
      {10, 10, 0, "exact"}, {100, 100, 0, "far"}, {20, 23, 0, "near"}, {20, 30, 0, "high"}, {50, 20, 0, "low"}};
  chart.panels = {panel};
  return chart;
}

struct Place {
  double x, y;
};
std::vector<Place> places(const std::string& drawn) {
  const std::regex point("<g class=\"point\"><title>[^<]*</title>\n<circle cx=\"([0-9.]+)\" cy=\"([0-9.]+)\"");
  std::vector<Place> out;
  for (std::sregex_iterator at(drawn.begin(), drawn.end(), point), end; at != end; ++at) {
    out.push_back({std::stod((*at)[1]), std::stod((*at)[2])});
  }
  return out;
}

TEST(ScatterChart, PutsEqualValuesOnTheDiagonal) {
  const auto at = places(to_svg(sample()));
  ASSERT_EQ(at.size(), 5U);
  EXPECT_NEAR(at[1].x - at[0].x, at[0].y - at[1].y, 0.2);  // up as far as to the right
  EXPECT_GT(at[1].x, at[0].x);
  EXPECT_NEAR(at[2].x, at[3].x, 0.2);  // same measurement
  EXPECT_LT(at[3].y, at[2].y);         // a larger prediction is higher
  // Logarithmic: 10 to 20 is as far as 50 to 100.
  EXPECT_NEAR(at[2].x - at[0].x, at[1].x - at[4].x, 0.2);
}

TEST(ScatterChart, NamesWhatIsFarOff) {
  const std::string drawn = to_svg(sample());
  EXPECT_EQ(drawing::xml_fault(drawn), "");
  EXPECT_THAT(drawn, HasSubstr(">high</text>"));
  EXPECT_THAT(drawn, HasSubstr(">low</text>"));
  EXPECT_THAT(drawn, Not(HasSubstr(">near</text>")));
  EXPECT_THAT(drawn, HasSubstr("near: measured 20.0, predicted 23.0 ms"));
  EXPECT_THAT(drawn, HasSubstr("5 &lt;measurements&gt;"));
}

TEST(ScatterChart, NamesStandClearOfEachOther) {
  ScatterChart chart = sample();
  chart.panels[0].points = {{10, 10, 0, "exact"}, {100, 100, 0, "far"}, {20, 40, 0, "one"}, {20.2, 40, 0, "two"}};
  const std::string drawn = to_svg(chart);
  std::vector<double> heights;
  const std::regex name("<text x=\"[0-9.]+\" y=\"([0-9.]+)\"[^>]*>(one|two)</text>");
  for (std::sregex_iterator at(drawn.begin(), drawn.end(), name), end; at != end; ++at) {
    heights.push_back(std::stod((*at)[1]));
  }
  ASSERT_EQ(heights.size(), 2U);
  EXPECT_GE(std::abs(heights[0] - heights[1]), 9.9);
}

TEST(ScatterChart, LeavesOutWhatHasNoLogarithm) {
  ScatterChart chart = sample();
  chart.panels[0].points.push_back({0, 5, 0, "nothing"});
  EXPECT_EQ(places(to_svg(chart)).size(), 5U);
  chart.panels[0].points.clear();
  EXPECT_EQ(drawing::xml_fault(to_svg(chart)), "");
  EXPECT_THAT(to_svg(chart), Not(HasSubstr("nan")));
}

TEST(ScatterChart, LongLegendsTakeMoreLines) {
  ScatterChart chart = sample();
  chart.panels[0].series = {"4 threads, 1.5 GHz, version of 2022-01-17, a board with quite a name, and another remark",
                            "other"};
  const std::string drawn = to_svg(chart);
  EXPECT_THAT(drawn, Not(HasSubstr("…")));
  EXPECT_THAT(drawn, HasSubstr("and another remark</text>"));
  const std::regex text("y=\"([0-9.]+)\"[^>]*>(4 threads|other)");
  std::vector<double> heights;
  for (std::sregex_iterator at(drawn.begin(), drawn.end(), text), end; at != end; ++at) {
    heights.push_back(std::stod((*at)[1]));
  }
  ASSERT_EQ(heights.size(), 2U);
  EXPECT_GE(heights[1] - heights[0], 27);  // below the second line of the first
}

}  // namespace
}  // namespace gensynth::charts
