#include "tests/structure/source.hpp"

#include <gmock/gmock.h>

namespace gensynth::structure {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Source, IncludesAreFoundHoweverTheyAreWritten) {
  const SourceFile file = parse_source("a/b.hpp",
                                       "#pragma once\n"
                                       "#include \"architecture/hash.hpp\"\n"
                                       "  #  include <torch/torch.h>  // why\n"
                                       "// #include \"not/this.hpp\"\n");
  EXPECT_THAT(file.own, ElementsAre("architecture/hash.hpp"));
  EXPECT_THAT(file.foreign, ElementsAre("torch/torch.h"));
  EXPECT_EQ(file.lines, 4);
  EXPECT_TRUE(file.pragma_once);
}

TEST(Source, NamespacesAndTypesHaveTheirFullNames) {
  const SourceFile file = parse_source("a/b.hpp",
                                       "namespace at {\nclass Tensor;\n}\n"
                                       "namespace gensynth {\n"
                                       "namespace detail { enum class Kind : char { a, b }; }\n"
                                       "template <class T>\nstruct Box final : Base<T> {\n  struct Inner {};\n};\n"
                                       "inline int f() { struct Local {}; return '{'; }\n"
                                       "class Declared;\n"
                                       "}\n"
                                       "namespace gensynth::rules {\n"
                                       "namespace {\nstruct Hidden {};\n}\n"
                                       "/* struct Comment { */ const char* text = \"struct Text {\";\n"
                                       "class Rule { int x{0}; };\n"
                                       "}\n");
  EXPECT_THAT(file.types, ElementsAre("gensynth::detail::Kind", "gensynth::Box", "gensynth::rules::Rule"));
  EXPECT_THAT(file.namespaces, ElementsAre("at", "gensynth", "gensynth::detail", "gensynth::rules"));
  EXPECT_FALSE(file.has_main);
}

TEST(Source, SpecialisationsAndVariablesAreNoTypes) {
  EXPECT_THAT(parse_source("a.hpp", "template <>\nstruct hash<Key> {\n};\nconst struct Point origin{1, 2};\n").types,
              IsEmpty());
}

TEST(Source, FoldersHaveNamespaces) {
  EXPECT_EQ(namespace_of("architecture/rewrite"), "gensynth");
  EXPECT_EQ(namespace_of("architecture/zoo/blocks"), "gensynth::zoo");
  EXPECT_EQ(namespace_of("constraints"), "gensynth::constraints");
  EXPECT_EQ(namespace_of("constraints/rules"), "gensynth::rules");
  EXPECT_EQ(namespace_of("runtime/torch"), "gensynth::libtorch");
  EXPECT_EQ(namespace_of("tests/runtime/latency/model"), "gensynth::latency::model");
  EXPECT_EQ(namespace_of("tests/fuzz"), "");
  EXPECT_EQ(namespace_of("experiments/latency"), "");
}

}  // namespace
}  // namespace gensynth::structure
