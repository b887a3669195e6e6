#include "runtime/data/image/size_limit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data::image {
namespace {

TEST(SizeLimit, RefusesTooManyPixels) {
  EXPECT_NO_THROW(admit(8'000, 8'000, "x"));
  EXPECT_THAT(data::test::message_of([] { admit(8'001, 8'000, "x"); }), testing::HasSubstr("x: image of 8001 x 8000"));
  EXPECT_THAT(data::test::message_of([] { admit(1'000'000'000, 1, "x"); }), testing::HasSubstr("64000000"));
}

TEST(SizeLimit, OnlyLargeImagesWaitForEachOther) {
  const auto large = admit(3'000, 3'000, "x");
  EXPECT_TRUE(large.owns_lock());
  EXPECT_FALSE(admit(500, 500, "x").owns_lock());
}

}  // namespace
}  // namespace gensynth::data::image
