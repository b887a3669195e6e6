#include "architecture/base/whole_number.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gensynth {
namespace {

using nlohmann::json;

TEST(WholeNumber, IsWhatAPersonWouldCallOne) {
  EXPECT_EQ(whole_number(json(5), 0, 9), 5);
  EXPECT_EQ(whole_number(json(4e6), 0, 9'000'000), 4'000'000);
  for (const char* text : {"1.5", "\"3\"", "true", "null", "[1]", "10", "-1", "4294967296", "18446744073709551615"}) {
    EXPECT_EQ(whole_number(json::parse(text), 0, 9), std::nullopt) << text;
  }
  EXPECT_EQ(whole_numbers(json({0, 9, 3.0}), 0, 9), (std::vector<int>{0, 9, 3}));
  EXPECT_EQ(whole_numbers(json::array(), 0, 9), std::vector<int>());
  EXPECT_EQ(whole_numbers(json({0, 4294967296}), 0, 9), std::nullopt);
  EXPECT_EQ(whole_numbers(json(3), 0, 9), std::nullopt);
}

}  // namespace
}  // namespace gensynth
