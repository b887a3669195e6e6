#include "runtime/charts/compare_chart.hpp"

#include <gmock/gmock.h>

#include <regex>

#include "tests/runtime/drawing/xml_checker.hpp"

namespace gensynth::charts {
namespace {

using testing::HasSubstr;

CompareChart sample() {
  CompareChart chart;
  chart.title = "A & B";
  chart.subtitle = "somewhere";
  chart.networks = {"first", "second"};
  chart.panels = {{"ncnn", "relative throughput", {"1 thread", "4 threads"}, {{1, 1}, {2, 0.5}}, 1},
                  {"size", "millions", {}, {{5.5}, {2.2}}, 0}};
  return chart;
}

std::vector<double> bars(const std::string& drawn) {
  const std::regex bar("<g class=\"bar\"><title>[^<]*</title>\n<rect [^>]* width=\"([0-9.]+)\"");
  std::vector<double> out;
  for (std::sregex_iterator at(drawn.begin(), drawn.end(), bar), end; at != end; ++at)
    out.push_back(std::stod((*at)[1]));
  return out;
}

TEST(CompareChart, BarsAreInProportionWithinAPanel) {
  const auto widths = bars(to_svg(sample()));
  ASSERT_EQ(widths.size(), 6U);
  EXPECT_NEAR(widths[2] / widths[0], 2, 0.01);
  EXPECT_NEAR(widths[3] / widths[1], 0.5, 0.01);
  EXPECT_NEAR(widths[5] / widths[4], 0.4, 0.01);
}

TEST(CompareChart, NamesItsContent) {
  const std::string drawn = to_svg(sample());
  EXPECT_EQ(drawing::xml_fault(drawn), "");
  for (const char* word : {"A &amp; B", "ncnn", "relative throughput; bars: 1 thread, 4 threads", "millions",
                           "second, 4 threads: 0.500", "stroke-dasharray"}) {
    EXPECT_THAT(drawn, HasSubstr(word));
  }
}

TEST(CompareChart, KeepsANetworksColour) {
  const std::string drawn = to_svg(sample());
  for (const char* colour : {"#0072b2", "#e69f00"}) {
    std::size_t found = 0;
    for (std::size_t at = drawn.find(colour); at != std::string::npos; at = drawn.find(colour, at + 1)) ++found;
    EXPECT_EQ(found, 3U) << colour;
  }
}

TEST(CompareChart, DrawsNothingAtAll) {
  EXPECT_EQ(drawing::xml_fault(to_svg(CompareChart{})), "");
  CompareChart chart = sample();
  for (auto& panel : chart.panels) panel.values = {{0, 0}, {0, 0}};
  EXPECT_EQ(to_svg(chart).find("nan"), std::string::npos);
}

}  // namespace
}  // namespace gensynth::charts
