#include "runtime/quantisation/encoding.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gensynth::quantisation {
namespace {

TEST(Encoding, StoresZeroExactlyAndTheRangeToHalfAStep) {
  for (const auto& [low, high] : {std::pair{-1.0, 3.0}, {0.0, 6.0}, {-2.5, 0.0}, {0.3, 0.9}, {-1e-3, 700.0}}) {
    const Encoding encoding = encoding_of(low, high);
    EXPECT_EQ(rounded(0, encoding), 0) << low << " " << high;
    for (const double value : {low, high, (low + 2 * high) / 3}) {
      EXPECT_NEAR(rounded(static_cast<float>(value), encoding), value, 1.001 * encoding.scale) << low << " " << high;
    }
  }
}

TEST(Encoding, StartsAtTheLowestNumberForValuesThatAreNeverNegative) {
  EXPECT_EQ(encoding_of(0, 255), (Encoding{1, -128}));
  EXPECT_EQ(encoding_of(5, 255), (Encoding{1, -128}));  // extended to 0
}

TEST(Encoding, ClipsWhatIsOutside) {
  const Encoding encoding = encoding_of(-1, 1);
  EXPECT_EQ(stored(100, encoding), 127);
  EXPECT_EQ(stored(-100, encoding), -128);
  EXPECT_FLOAT_EQ(rounded(100, encoding), encoding.high());
  EXPECT_FLOAT_EQ(rounded(-100, encoding), encoding.low());
}

TEST(Encoding, OfZerosStoresZero) { EXPECT_EQ(rounded(0, encoding_of(0, 0)), 0); }

TEST(Encoding, EveryStoredNumberComesBack) {
  const Encoding encoding = encoding_of(-0.7, 2.1);
  for (int i = -128; i <= 127; ++i) EXPECT_EQ(stored(number(static_cast<std::int8_t>(i), encoding), encoding), i);
}

}  // namespace
}  // namespace gensynth::quantisation
