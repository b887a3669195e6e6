#include "architecture/base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace gensynth {
namespace {

TEST(Error, IsOfBadInputUnlessItSaysOtherwise) {
  EXPECT_EQ(Error("x").kind(), ErrorKind::input);
  EXPECT_EQ(Error("x", ErrorKind::environment).kind(), ErrorKind::environment);
  EXPECT_STREQ(to_string(ErrorKind::usage), "usage");
  for (const ErrorKind kind : {ErrorKind::usage, ErrorKind::input, ErrorKind::environment, ErrorKind::internal}) {
    EXPECT_EQ(error_kind(to_string(kind)), kind);
  }
  EXPECT_EQ(error_kind("else"), ErrorKind::internal);
}

TEST(Error, KeepsItsKindUnderContextOutermostFirst) {
  try {
    in_context("search", [] {
      return in_context("while reading trial 17",
                        []() -> int { throw Error("run.db: malformed", ErrorKind::environment); });
    });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "search: while reading trial 17: run.db: malformed");
    EXPECT_EQ(error.kind(), ErrorKind::environment);
  }
  EXPECT_EQ(in_context("unused", [] { return 3; }), 3);
}

TEST(Error, DistinguishesAWrongPathFromAMachineFault) {
  for (const int number : {ENOENT, ENOTDIR, EISDIR, ENAMETOOLONG}) EXPECT_EQ(kind_of_errno(number), ErrorKind::input);
  for (const int number : {ENOSPC, EIO, EROFS, EMFILE}) EXPECT_EQ(kind_of_errno(number), ErrorKind::environment);
}

}  // namespace
}  // namespace gensynth
