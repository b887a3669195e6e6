#include "tests/structure/includes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gensynth::structure {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Includes, UpwardUseIsSeen) {
  const auto complaints = [](const std::string& path, const std::string& included) {
    return upward_includes({parse_source(path, "#include \"" + included + "\"\n")});
  };
  EXPECT_THAT(complaints("architecture/a.cpp", "constraints/b.hpp"), ElementsAre(HasSubstr("may not use constraints")));
  EXPECT_THAT(complaints("generator/a.cpp", "runtime/data/b.hpp"), ElementsAre(HasSubstr("may not use runtime")));
  EXPECT_THAT(complaints("constraints/rules/a.hpp", "search/b.hpp"), ElementsAre(HasSubstr("may not use search")));
  EXPECT_THAT(complaints("search/a.cpp", "tests/b.hpp"), ElementsAre(HasSubstr("may not use tests")));
  EXPECT_THAT(complaints("search/a.cpp", "inquisitor/b.hpp"), IsEmpty());
  EXPECT_THAT(complaints("runtime/train/a.cpp", "runtime/data/b.hpp"), IsEmpty());
  EXPECT_THAT(complaints("tests/search/a.cpp", "search/b.hpp"), IsEmpty());
}

TEST(Includes, TorchOutsideItsPlaceIsSeen) {
  const auto complaints = [](const std::string& path, const std::string& included) {
    return misplaced_torch_includes({parse_source(path, "#include <" + included + ">\n")});
  };
  EXPECT_THAT(complaints("runtime/torch/a.hpp", "torch/torch.h"), ElementsAre(HasSubstr(".cpp files only")));
  EXPECT_THAT(complaints("tests/runtime/torch/a.hpp", "torch/torch.h"), ElementsAre(HasSubstr(".cpp files only")));
  EXPECT_THAT(complaints("search/a.cpp", "ATen/ATen.h"), ElementsAre(HasSubstr("runtime/{torch,train,probe}")));
  EXPECT_THAT(complaints("runtime/data/a.cpp", "c10/util/Half.h"), ElementsAre(HasSubstr("runtime/{torch")));
  EXPECT_THAT(complaints("runtime/train/a.cpp", "torch/torch.h"), IsEmpty());
  EXPECT_THAT(complaints("tests/runtime/probe/a.cpp", "torch/torch.h"), IsEmpty());
  EXPECT_THAT(complaints("search/a.cpp", "vector"), IsEmpty());
}

TEST(Includes, CyclesBetweenFoldersAreSeen) {
  const auto cycle = [](const std::vector<std::pair<std::string, std::string>>& includes) {
    std::vector<SourceFile> files;
    for (const auto& [path, included] : includes)
      files.push_back(parse_source(path, "#include \"" + included + "\"\n"));
    return find_cycle(folder_edges(files));
  };
  EXPECT_EQ(cycle({{"runtime/train/a.cpp", "runtime/data/b.hpp"}, {"runtime/train/c.cpp", "runtime/torch/b.hpp"}}), "");
  EXPECT_EQ(cycle({{"runtime/train/a.cpp", "runtime/train/b.hpp"}, {"runtime/train/c.cpp", "tests/d.hpp"}}), "");
  EXPECT_EQ(cycle({{"runtime/data/a.cpp", "runtime/train/b.hpp"},
                   {"runtime/train/a.cpp", "runtime/torch/b.hpp"},
                   {"runtime/torch/a.cpp", "runtime/data/b.hpp"}}),
            "runtime/data -> runtime/train: runtime/data/a.cpp includes runtime/train/b.hpp\n"
            "runtime/train -> runtime/torch: runtime/train/a.cpp includes runtime/torch/b.hpp\n"
            "runtime/torch -> runtime/data: runtime/torch/a.cpp includes runtime/data/b.hpp\n");
  EXPECT_THAT(
      cycle({{"architecture/a.cpp", "architecture/zoo/b.hpp"}, {"architecture/zoo/b.cpp", "architecture/a.hpp"}}),
      HasSubstr("architecture -> architecture/zoo: architecture/a.cpp includes architecture/zoo/b.hpp"));
  EXPECT_THAT(cycle({{"runtime/latency/model/a.cpp", "runtime/latency/devices/b.hpp"},
                     {"runtime/latency/devices/b.cpp", "runtime/latency/model/a.hpp"}}),
              HasSubstr("runtime/latency/model -> runtime/latency/devices"));
}

TEST(Includes, PathsAmongFoldersAreFollowed) {
  const Edges edges = {{"a", {{"b", ""}}}, {"b", {{"c", ""}}}, {"d", {{"a", ""}}}};
  EXPECT_TRUE(reaches(edges, "d", "c"));
  EXPECT_FALSE(reaches(edges, "c", "a"));
}

}  // namespace
}  // namespace gensynth::structure
