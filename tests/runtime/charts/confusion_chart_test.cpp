#include "runtime/charts/confusion_chart.hpp"

#include <gmock/gmock.h>

#include "tests/runtime/drawing/xml_checker.hpp"

namespace gensynth::charts {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(ConfusionChart, HasACellForEachPairWithItsCount) {
  const std::string drawn = to_svg({"A & B", "5 images", {"cat <1>", "dog"}, {{3, 1}, {0, 1}}});
  EXPECT_EQ(drawing::xml_fault(drawn), "");
  EXPECT_EQ(count(drawn, "class=\"cell\""), 4U);
  EXPECT_THAT(drawn, HasSubstr("cat &lt;1&gt; taken for dog: 1 of 4"));
  EXPECT_THAT(drawn, HasSubstr("dog taken for dog: 1 of 1"));
  EXPECT_THAT(drawn, HasSubstr("#0072b2")) << "a class that is always right has the full colour";
}

TEST(ConfusionChart, OfManyClassesHasTooltipsAlone) {
  ConfusionChart chart{"many", "", {}, {}};
  for (int i = 0; i < 50; ++i) {
    chart.classes.push_back("class" + std::to_string(i));
    chart.counts.emplace_back(50, 0);
    chart.counts.back()[static_cast<std::size_t>(i)] = 7;
  }
  const std::string drawn = to_svg(chart);
  EXPECT_EQ(drawing::xml_fault(drawn), "");
  EXPECT_EQ(count(drawn, "class=\"cell\""), 50U);
  EXPECT_THAT(drawn, Not(HasSubstr(">7<")));
}

}  // namespace
}  // namespace gensynth::charts
