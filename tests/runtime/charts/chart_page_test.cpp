#include "runtime/charts/chart_page.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gensynth::charts {
namespace {

TEST(ChartPage, LaysPanelsInRowsBelowTheLongestOfTheRowBefore) {
  const ChartPage page(1000, "title", "subtitle");
  constexpr double kGap = 20;
  constexpr double kRowGap = 30;
  const double width = (page.inner() - kGap) / 2;
  const double heights[] = {50, 90, 70, 10, 40};
  std::vector<double> lefts;
  std::vector<double> tops;
  const double end = page.grid(5, 2, kGap, kRowGap, [&](std::size_t panel, double x, double y, double w) {
    EXPECT_EQ(panel, lefts.size());
    EXPECT_DOUBLE_EQ(w, width);
    lefts.push_back(x);
    tops.push_back(y);
    return y + heights[panel];
  });
  const double left = ChartPage::kMargin;
  EXPECT_EQ(lefts, (std::vector<double>{left, left + width + kGap, left, left + width + kGap, left}));
  const double top = ChartPage::kTop + 10;
  EXPECT_EQ(tops, (std::vector<double>{top, top, top + 120, top + 120, top + 220}));
  EXPECT_DOUBLE_EQ(end, top + 260);
}

}  // namespace
}  // namespace gensynth::charts
