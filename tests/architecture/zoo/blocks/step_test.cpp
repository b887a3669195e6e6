#include "architecture/zoo/blocks/step.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string error_of(const std::string& table) {
  try {
    build_network("x", 32, table);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Step, ReadsNumbersListsFlagsTextAndActivation) {
  const Step step(" ir k3,5,7 e2.5 c40 se=mid/4r8 relu6 bias ", "here");
  EXPECT_EQ(step.kind(), "ir");
  EXPECT_THAT(step.integers("k", 1), ElementsAre(3, 5, 7));
  EXPECT_EQ(step.number("e", 1), 2.5);
  EXPECT_EQ(step.integer("c"), 40);
  EXPECT_EQ(step.integer("n", 9), 9);
  EXPECT_EQ(step.text("se"), "mid/4r8");
  EXPECT_EQ(step.activation(), ActivationKind::relu6);
  EXPECT_TRUE(step.flag("bias"));
  EXPECT_FALSE(step.flag("noskip"));
  EXPECT_NO_THROW(step.finish());
}

TEST(Step, FinishRefusesWhatNobodyRead) {
  const Step step("conv c40 colour3", "here");
  step.integer("c");
  EXPECT_THROW(step.finish(), StepError);
}

TEST(Step, Divisible) {
  EXPECT_EQ(divisible(200, 8), 200);
  EXPECT_EQ(divisible(80 * 2.3, 8), 184);
  EXPECT_EQ(divisible(18, 8), 24);  // 16 would lose more than a tenth
  EXPECT_EQ(divisible(18, 4), 20);
  EXPECT_EQ(divisible(3, 8), 8);
  EXPECT_EQ(divisible(12, 8), 16);
}

TEST(Step, ErrorsNameNetworkStepAndValue) {
  EXPECT_THAT(error_of("conv c8; fc c2x"), StartsWith("zoo network 'x': step 'fc': attribute 'c' is '2x'"));
  EXPECT_THAT(error_of("conv c8; irr c8"), HasSubstr("unknown block kind (did you mean 'ir'?)"));
  EXPECT_THAT(error_of("conv c8 c9"), HasSubstr("attribute 'c' is given twice"));
  EXPECT_THAT(error_of("conv c8 relu silu"), HasSubstr("two activations"));
  EXPECT_THAT(error_of("conv c8 biass"), HasSubstr("unknown attribute 'biass' (did you mean 'bias'?)"));
  EXPECT_THAT(error_of("conv"), HasSubstr("attribute 'c' is missing"));
  EXPECT_THAT(error_of("conv c0"), HasSubstr("expected a positive integer"));
  EXPECT_THAT(error_of("conv c8 bias4"), HasSubstr("takes no value"));
  EXPECT_THAT(error_of("conv c8 4"), HasSubstr("malformed attribute '4'"));
  EXPECT_THAT(error_of("conv c8; pool relu"), HasSubstr("takes no activation"));
  EXPECT_THAT(error_of("conv c8; ir c8 se=mid/4 hse=in/4"), HasSubstr("both 'se' and 'hse'"));
  for (const std::string width : {"half", "in4", "in/", "mid/x", "mid/0", "mid/4r", "mid/4r8x", "out/4"}) {
    EXPECT_THAT(error_of("conv c8; ir c8 se=" + width), HasSubstr("squeeze width '" + width + "', expected"));
  }
  EXPECT_THAT(error_of("conv c8;; fc c2"), HasSubstr("empty, expected a block kind"));
  EXPECT_THAT(error_of(""), HasSubstr("empty layer table"));
}

TEST(Step, ErrorsOfTheGraphNameTheStepOnce) {
  const std::string message = error_of("conv c8 k3; max_pool k99 valid s2; pool; fc c2");
  EXPECT_THAT(message, StartsWith("zoo network 'x': step 'max_pool': "));
  EXPECT_EQ(message.find("zoo network", 1), std::string::npos);
}

}  // namespace
}  // namespace gensynth::zoo
