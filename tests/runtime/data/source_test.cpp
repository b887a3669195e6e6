#include "runtime/data/source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data {
namespace {

using test::message_of;
using testing::HasSubstr;

TEST(Source, KnowsNamesOfSplitsAndWhatIsPassedOver) {
  EXPECT_EQ(part_of("train"), Part::train);
  for (const char* name : {"val", "valid", "validation"}) EXPECT_EQ(part_of(name), Part::validation);
  EXPECT_EQ(part_of("test"), Part::test);
  EXPECT_EQ(part_of("cat"), Part::none);
  EXPECT_TRUE(is_passed_over("._x") && is_passed_over(".git") && is_passed_over("__MACOSX"));
  EXPECT_FALSE(is_passed_over("x"));
}

TEST(Source, AnImageFileHasAtMost256MB) {
  EXPECT_EQ(size_problem(256'000'000), "");
  EXPECT_THAT(size_problem(12'000'000'000), testing::AllOf(HasSubstr("12.0 GB"), HasSubstr("256 MB")));
}

TEST(Source, IdentityIsThatOfAFile) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "a", {'x'});
  EXPECT_THAT(file_identity(folder / "a"), HasSubstr("/a:1:"));
  EXPECT_THAT(message_of([&] { file_identity(folder.path()); }), HasSubstr("a folder, expected a file"));
  EXPECT_THAT(message_of([] { file_identity("/dev/zero"); }), HasSubstr("device"));
  EXPECT_THAT(message_of([&] { file_identity(folder / "none"); }), HasSubstr("cannot be opened"));
}

TEST(Listing, CountsByReasonWithTheFirstExample) {
  Listing one, other;
  one.ignore("hidden", "a");
  other.ignore("hidden", "b", 2);
  other.ignore("empty", "c");
  one.append(std::move(other));
  ASSERT_EQ(one.ignored.size(), 2U);
  EXPECT_EQ(one.ignored[0].count, 3);
  EXPECT_EQ(one.ignored[0].example, "a");
}

TEST(DecodeTo, ReportsABadImage) {
  std::string reason;
  const Sink sink{[](std::size_t, const Digest&, const std::uint8_t*) { FAIL(); },
                  [&](std::size_t index, const std::string& text) { reason = std::to_string(index) + " " + text; }};
  decode_to(sink, 7, {'x'}, "a/x.jpg", 8);
  EXPECT_THAT(reason, HasSubstr("7 a/x.jpg: not a"));
}

}  // namespace
}  // namespace gensynth::data
