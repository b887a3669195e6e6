#include "runtime/lowering/half.hpp"

#include <gmock/gmock.h>

#include "tests/architecture/failure.hpp"

namespace gensynth::lowering {
namespace {

TEST(Half, RoundsToTheNearest) {
  EXPECT_EQ(half_bits(1.0F), 0x3c00);
  EXPECT_EQ(half_bits(-2.0F), 0xc000);
  EXPECT_EQ(half_bits(65504.0F), 0x7bff);
  EXPECT_EQ(half_bits(1.0F + 1.0F / 2048), 0x3c00);  // half way: to the even one
  EXPECT_EQ(half_bits(5.9604645e-8F), 0x0001);       // the smallest
}

TEST(Half, RoundsMatricesAndLeavesVectors) {
  Weights weights{{"a.weight", {{1, 2}, {1.0001F, 0.1F}}}, {"a.bias", {{1}, {0.1F}}}};
  round_to_half(weights);
  EXPECT_EQ(weights["a.weight"].values, (std::vector<float>{1.0F, 0.0999755859375F}));
  EXPECT_EQ(weights["a.bias"].values, std::vector<float>{0.1F});
}

TEST(Half, RefusesValuesOutOfRange) {
  Weights weights{{"a.weight", {{1, 1}, {70000.0F}}}};
  EXPECT_THAT(failure([&] { round_to_half(weights); }), testing::HasSubstr("array a.weight contains 70000"));
}

}  // namespace
}  // namespace gensynth::lowering
