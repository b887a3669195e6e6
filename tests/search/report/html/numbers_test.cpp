#include "search/report/html/numbers.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace gensynth::report::html {
namespace {

TEST(Compact, KeepsSevenDigitsAndWholeNumbers) {
  EXPECT_EQ(compact(1.0 / 3).dump(), "0.3333333");
  EXPECT_EQ(compact(-123456.789).dump(), "-123456.8");
  EXPECT_EQ(compact(453120.0).dump(), "453120");
  EXPECT_EQ(compact(0.0).dump(), "0");
  EXPECT_EQ(compact(1.5e-9).dump(), "1.5e-09");
  EXPECT_DOUBLE_EQ(compact(4.9e-324).get<double>(), 4.9e-324) << "nothing overflows";
  EXPECT_NEAR(compact(1.7976931348623157e308).get<double>() / 1.7976931348623157e308, 1, 1e-6);
}

TEST(Compact, WritesWhatIsNoNumberAsNull) {
  EXPECT_TRUE(compact(std::numeric_limits<double>::quiet_NaN()).is_null());
  EXPECT_TRUE(compact(std::numeric_limits<double>::infinity()).is_null());
  EXPECT_TRUE(compact(std::optional<double>()).is_null());
}

}  // namespace
}  // namespace gensynth::report::html
