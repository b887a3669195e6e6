#include "architecture/precision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"

namespace gensynth {
namespace {

TEST(Precision, NamesAreReadBack) {
  for (const Precision precision : all_precisions()) {
    EXPECT_EQ(precision_from_string(to_string(precision)), precision);
    EXPECT_EQ(find_precision(to_string(precision)), precision);
  }
  EXPECT_THAT(precision_names(), testing::ElementsAre("fp32", "fp16", "int8"));
}

TEST(Precision, AnotherNameIsAnErrorWithTheNearest) {
  EXPECT_EQ(find_precision("float32"), std::nullopt);
  try {
    precision_from_string("int9");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("'int9'"), testing::HasSubstr("int8")));
  }
}

}  // namespace
}  // namespace gensynth
