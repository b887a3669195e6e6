#include "search/command/shared/data_contents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::command::shared {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

job::Job drawn_job() {
  job::Job job;
  job.data.px = 8;
  job.data.classes = 2;
  job.data.images = 4;
  return job;
}

TEST(DataContents, ReadsAndPrintsOneLine) {
  const testing::Scratch scratch;
  ::testing::internal::CaptureStderr();
  const auto contents = read_proxy_data(drawn_job(), scratch / "cache", false);
  ASSERT_TRUE(contents);
  print_contents(*contents);
  const std::string printed = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(contents->classes, 2);
  EXPECT_THAT(printed, AllOf(HasSubstr("data: 2 classes; 6 training, 2 hold-out"), ::testing::EndsWith("images\n")));
  ::testing::internal::CaptureStderr();
  read_proxy_data(drawn_job(), scratch / "cache", true);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(DataContents, NothingWithoutProxyTraining) {
  job::Job job = drawn_job();
  job.proxy.enabled = false;
  EXPECT_FALSE(read_proxy_data(job, "/nowhere", false));
}

TEST(DataContents, DataWithoutAHoldoutIsRefused) {
  const testing::Scratch scratch;
  job::Job job = drawn_job();
  job.data.images = 1;
  EXPECT_THROW(read_proxy_data(job, scratch / "cache", true), Error);
}

TEST(DataContents, PrintsEveryBadFile) {
  data::Contents contents;
  contents.bad_files = {"a.jpg: it is empty", "b.jpg: it is a GIF"};
  ::testing::internal::CaptureStderr();
  print_contents(contents);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("left out: a.jpg: it is empty\n"), HasSubstr("left out: b.jpg: it is a GIF\n")));
}

}  // namespace
}  // namespace gensynth::command::shared
