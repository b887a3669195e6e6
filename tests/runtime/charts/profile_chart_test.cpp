#include "runtime/charts/profile_chart.hpp"

#include <gmock/gmock.h>

#include <regex>

#include "tests/runtime/drawing/xml_checker.hpp"

namespace gensynth::charts {
namespace {

using testing::HasSubstr;
using testing::Not;

ProfileChart sample() {
  ProfileChart chart;
  chart.title = "a <b>";
  chart.subtitle = "4 ms";
  chart.notes = {"a note & more"};
  chart.kernels = {{"stem", "conv3x3", "[8, 16, 16]", "1", 1e6, 2e3, 1.0, "compute", true},
                   {"sum", "add", "[8, 16, 16]", "1", 0, 4e3, 0.5, "memory", true},
                   {"blur", "blur", "[8, 8, 8]", "2", 0, 4e3, 2.5, "overhead", true}};
  return chart;
}

/// Widths of the bars of a class of group, in order.
std::vector<double> widths(const std::string& drawn, const std::string& css_class) {
  const std::regex bar("<g class=\"" + css_class + "\"><title>[^<]*</title>\n<rect [^>]* width=\"([0-9.]+)\"");
  std::vector<double> out;
  for (std::sregex_iterator at(drawn.begin(), drawn.end(), bar), end; at != end; ++at)
    out.push_back(std::stod((*at)[1]));
  return out;
}

TEST(ProfileChart, IsWellFormedAndSaysEverything) {
  const std::string drawn = to_svg(sample());
  EXPECT_EQ(drawing::xml_fault(drawn), "");
  for (const char* word : {"a &lt;b&gt;", "a note &amp; more", "stage 1", "stage 2", "37.5 %", "62.5 %", "conv3x3",
                           "bound by memory", "stem: conv3x3, [8, 16, 16], 1.00 M MACs, 2.00 kB moved, 1.00 ms"}) {
    EXPECT_THAT(drawn, HasSubstr(word));
  }
  EXPECT_EQ(drawn, to_svg(sample()));
}

TEST(ProfileChart, BarsAreInProportionToTime) {
  const std::string drawn = to_svg(sample());
  const auto strip = widths(drawn, "kernel");
  const auto layers = widths(drawn, "layer");
  ASSERT_EQ(strip.size(), 3U);
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_NEAR(strip[0] + strip[1] + strip[2], 980 - 56, 0.2);
  for (const auto& bars : {strip, layers}) {
    EXPECT_NEAR(bars[1] / bars[0], 0.5, 0.01);
    EXPECT_NEAR(bars[2] / bars[0], 2.5, 0.01);
  }
}

TEST(ProfileChart, HatchesWhatWasNotCalibrated) {
  ProfileChart chart = sample();
  EXPECT_THAT(to_svg(chart), Not(HasSubstr("url(#unseen)")));
  chart.kernels[2].in_range = false;
  EXPECT_THAT(to_svg(chart), HasSubstr("url(#unseen)"));
  EXPECT_THAT(to_svg(chart), HasSubstr("outside the calibrated range"));
}

TEST(ProfileChart, DrawsNothingAtAll) {
  EXPECT_EQ(drawing::xml_fault(to_svg(ProfileChart{})), "");
  ProfileChart chart = sample();
  for (TimedKernel& kernel : chart.kernels) kernel.ms = 0;
  EXPECT_THAT(to_svg(chart), Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace gensynth::charts
