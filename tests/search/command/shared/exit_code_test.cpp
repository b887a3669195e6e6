#include "search/command/shared/exit_code.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <stdexcept>

namespace gensynth::command::shared {
namespace {

using ::testing::HasSubstr;

TEST(ExitCode, FollowsFromTheKindOfError) {
  EXPECT_EQ(exit_code_of(ErrorKind::usage), 2);
  EXPECT_EQ(exit_code_of(ErrorKind::input), 2);
  EXPECT_EQ(exit_code_of(ErrorKind::environment), 4);
  EXPECT_EQ(exit_code_of(ErrorKind::internal), 70);
}

TEST(ExitCode, EveryExceptionHasAKind) {
  EXPECT_EQ(failure_of(Error("x", ErrorKind::environment)).kind, ErrorKind::environment);
  EXPECT_EQ(failure_of(Error("job.json: /seed: wrong")).message, "job.json: /seed: wrong");
  EXPECT_EQ(failure_of(std::bad_alloc()).kind, ErrorKind::environment);
  const std::filesystem::filesystem_error full("copy", std::make_error_code(std::errc::no_space_on_device));
  EXPECT_EQ(failure_of(full).kind, ErrorKind::environment);
  const std::filesystem::filesystem_error none("copy", std::make_error_code(std::errc::no_such_file_or_directory));
  EXPECT_EQ(failure_of(none).kind, ErrorKind::input);
  const Failure fault = failure_of(std::logic_error("index"));
  EXPECT_EQ(fault.kind, ErrorKind::internal);
  EXPECT_EQ(fault.message, "index");
  EXPECT_THAT(failure_text(fault), HasSubstr("gensynth: index\nthis is a fault of gensynth"));
  EXPECT_EQ(failure_text({ErrorKind::input, "job.json: wrong"}), "gensynth: job.json: wrong\n");
}

TEST(ExitCode, LongMessagesAreCutBetweenCharacters) {
  std::string message = "job.json: ";
  for (int i = 0; i < 100'000; ++i) message += "\u00e4";
  message += ": expected a number";
  const std::string text = failure_text({ErrorKind::input, message});
  EXPECT_LT(text.size(), 5000u);
  EXPECT_THAT(text, HasSubstr("job.json: "));
  EXPECT_THAT(text, HasSubstr("bytes left out"));
  EXPECT_THAT(text, HasSubstr(": expected a number\n"));
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\xc3') EXPECT_EQ(text[i + 1], '\xa4');
    if (text[i] == '\xa4') EXPECT_EQ(text[i - 1], '\xc3');
  }
}

}  // namespace
}  // namespace gensynth::command::shared
