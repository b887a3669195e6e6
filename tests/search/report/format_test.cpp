#include "search/report/format.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace gensynth::report {
namespace {

TEST(Format, UnitsReadWell) {
  EXPECT_EQ(duration_text(59.7), "1 m 00 s");
  EXPECT_EQ(duration_text(200), "3 m 20 s");
  EXPECT_EQ(duration_text(3725), "1 h 02 m");
  EXPECT_EQ(bytes_text(4.2 * (1 << 20)), "4.20 MiB");
  EXPECT_EQ(quantity_text(Quantity::predicted(23.4, "ms", "m", 20.1, 27)), "23.40 ms predicted [20.10, 27.00]");
  Quantity partly = Quantity::predicted(23.4, "ms", "m", 20.1, 27);
  partly.unmeasured = 0.314;
  EXPECT_EQ(quantity_text(partly), "23.40 ms predicted [20.10, 27.00], 31 % of the time in kernels not measured");
  EXPECT_EQ(quantity_text(Quantity::measured(75.8, "%", "d")), "75.80 % measured");
}

TEST(Format, AccuraciesDifferWhereTheirTextsMay) {
  EXPECT_FALSE(accuracies_differ(50, 50));
  EXPECT_FALSE(accuracies_differ(50, 50.0001));
  EXPECT_TRUE(accuracies_differ(50, 49.99));
  EXPECT_FALSE(accuracies_differ(50, std::numeric_limits<double>::quiet_NaN()));
}

TEST(Format, JoinsWordsUpToALimit) {
  EXPECT_EQ(joined_text({}), "");
  EXPECT_EQ(joined_text({"a", "b"}), "a, b");
  EXPECT_EQ(joined_text({"a", "b", "c"}, 2), "a, b and 1 more");
  EXPECT_EQ(threads_text(1), "1 thread");
  EXPECT_EQ(threads_text(4), "4 threads");
}

}  // namespace
}  // namespace gensynth::report
