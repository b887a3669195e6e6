#include "search/simulation/checkpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gensynth::simulation {
namespace {

using ::testing::ElementsAre;

TEST(Checkpoints, AreRoundNumbersAndTheLast) {
  EXPECT_THAT(checkpoints(1), ElementsAre(1));
  EXPECT_THAT(checkpoints(10), ElementsAre(10));
  EXPECT_THAT(checkpoints(60), ElementsAre(10, 25, 50, 60));
  EXPECT_THAT(checkpoints(300), ElementsAre(10, 25, 50, 100, 150, 200, 250, 300));
}

}  // namespace
}  // namespace gensynth::simulation
