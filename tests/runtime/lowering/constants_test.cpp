#include "runtime/lowering/constants.hpp"

#include <gmock/gmock.h>

namespace gensynth::lowering {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

TEST(Constants, BlurTapsAreBinomial) {
  EXPECT_THAT(binomial(1), ElementsAre(1));
  EXPECT_THAT(binomial(2), ElementsAre(0.5, 0.5));
  EXPECT_THAT(binomial(3), ElementsAre(0.25, 0.5, 0.25));
  EXPECT_THAT(binomial(5), ElementsAre(1 / 16., 4 / 16., 6 / 16., 4 / 16., 1 / 16.));
}

TEST(Constants, APositionalCodeIsTheProjectedPlace) {
  // Two features a side: sine and cosine of 2 pi (place + 1) / extent. Channel 0 takes the row's sine, channel 1 twice
  // the column's cosine and a bias.
  const auto code = positional_code({.hidden = 2}, {Layout::map, 2, 4, 1}, {1, 0, 0, 0, 0, 0, 0, 2}, {0, 3});
  EXPECT_THAT(code, ElementsAre(FloatNear(1, 1e-5F), FloatNear(0, 1e-5F), FloatNear(-1, 1e-5F), FloatNear(0, 1e-5F),
                                FloatNear(5, 1e-5F), FloatNear(5, 1e-5F), FloatNear(5, 1e-5F), FloatNear(5, 1e-5F)));
}

}  // namespace
}  // namespace gensynth::lowering
