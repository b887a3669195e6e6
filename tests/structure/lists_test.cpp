#include "tests/structure/lists.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace gensynth::structure {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(Lists, HaveAWordAndARestOnEachLine) {
  EXPECT_THAT(read_list("# comment\n\na/b.cpp tested by others\nc.cpp  why\n"),
              ElementsAre(Pair("a/b.cpp", "tested by others"), Pair("c.cpp", "why")));
  EXPECT_THROW(read_list("a/b.cpp\n"), std::runtime_error);
  EXPECT_THROW(read_list("a/b.cpp \n"), std::runtime_error);
  EXPECT_THROW(read_list("cycle a -> b\ncycle a -> b\n"), std::runtime_error);
}

TEST(Lists, SourcesWithoutTestNeedAReasonThatHolds) {
  const auto complaints = [](const std::string& reasons) {
    std::vector<SourceFile> files;
    for (const char* path : {"search/a.cpp", "search/a.hpp", "runtime/b/c.cpp", "tests/runtime/b/c_test.cpp",
                             "tests/runtime/b/help.cpp", "examples/e.cpp"}) {
      files.push_back(parse_source(path, ""));
    }
    return untested(files, read_list(reasons));
  };
  EXPECT_THAT(complaints("search/a.cpp why\n"), IsEmpty());
  EXPECT_THAT(complaints(""), ElementsAre(HasSubstr("search/a.cpp has no test")));
  EXPECT_THAT(complaints("search/a.cpp why\nruntime/b/c.cpp why\n"), ElementsAre(HasSubstr("has a test of its name")));
  EXPECT_THAT(complaints("search/a.cpp why\nsearch/gone.cpp why\n"), ElementsAre(HasSubstr("is not there")));
  EXPECT_THAT(complaints("search/a.cpp tests/x_test.cpp tests it\n"),
              ElementsAre(HasSubstr("tests/x_test.cpp, which")));
  EXPECT_THAT(complaints("search/a.cpp why\nsearch/a.cpp again\n"), ElementsAre(HasSubstr("listed twice")));
}

TEST(Lists, PendingViolationsAreLeftOutUntilTheyAreMended) {
  const auto pending = read_list("long_file a.cpp\ncycle a -> b\n");
  EXPECT_THAT(without_pending("long_file", {"a.cpp", "b.cpp"}, pending), ElementsAre("b.cpp"));
  EXPECT_THAT(without_pending("long_file", {}, pending), ElementsAre(HasSubstr("mended")));
  EXPECT_THAT(without_pending("cycle", {"a -> b"}, pending), IsEmpty());
}

}  // namespace
}  // namespace gensynth::structure
