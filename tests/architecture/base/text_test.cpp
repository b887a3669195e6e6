#include "architecture/base/text.hpp"

#include <gtest/gtest.h>

namespace gensynth {
namespace {

TEST(Text, CountsAreShort) {
  EXPECT_EQ(count_text(950), "950");
  EXPECT_EQ(count_text(9'999), "9999");
  EXPECT_EQ(count_text(12'345), "12.3 k");
  EXPECT_EQ(count_text(5.48e6), "5.48 M");
  EXPECT_EQ(count_text(217e6), "217 M");
  EXPECT_EQ(count_text(4.1e9), "4.10 G");
  EXPECT_EQ(count_text(-5.48e6), "-5.48 M");
}

}  // namespace
}  // namespace gensynth
