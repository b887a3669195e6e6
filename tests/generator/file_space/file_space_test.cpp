#include "generator/file_space/file_space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/hash.hpp"
#include "architecture/serialize.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"
#include "tests/generator/space/labelled.hpp"

namespace gensynth::file_space {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string kExample = std::string(GENSYNTH_SOURCE_DIR) + "/examples/spaces/small_mobile.json";

json example() { return read_json_file(kExample); }

std::string message_of(const json& value) {
  try {
    FileSpace(value, "my.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

json conv(const std::string& id, const std::string& input, const json& out) {
  return {{"id", id}, {"op", "convolution"}, {"inputs", {input}}, {"out", out}};
}

/// One convolution group and a head.
json small(const json& repeat, const json& out) {
  return {{"format", "gensynth.space"},
          {"version", 1},
          {"name", "small"},
          {"input", {1, 3, 8, 8}},
          {"vertices",
           {{{"id", "group"},
             {"repeat", repeat},
             {"input", "input"},
             {"output", "conv"},
             {"vertices", {conv("conv", "previous", out)}}},
            {{"id", "pool"}, {"op", "global_pool"}, {"inputs", {"group"}}}}},
          {"output", "pool"}};
}

int count_genotypes(const space::SearchSpace& space, space::Genotype prefix = {}) {
  const auto decision = space.next(prefix);
  if (!decision) return 1;
  int count = 0;
  for (int choice = 0; choice < decision->choices; ++choice) {
    prefix.push_back(choice);
    count += count_genotypes(space, prefix);
    prefix.pop_back();
  }
  return count;
}

TEST(FileSpace, ExampleIsASpace) {
  const FileSpace space(example(), kExample);
  EXPECT_EQ(space.name(), "small_mobile");
  Rng rng(1);
  std::set<std::string> networks;
  std::set<std::string> names;
  for (int i = 0; i < 200; ++i) {
    const space::Genotype genotype = space.sample(rng);
    const Architecture network = space.build(genotype);
    EXPECT_EQ(network.shape(network.output()).channels, 10);
    networks.insert(to_string(canonical_hash(network)));
    for (const space::Decision& decision : space.decisions(genotype)) names.insert(decision.name);
  }
  EXPECT_GT(networks.size(), 100U);
  EXPECT_EQ(names, (std::set<std::string>{"width", "activation", "stem_blur.taps", "body.repeat", "body.1.kernel",
                                          "body.2.kernel", "body.3.kernel", "tail.repeat", "tail.1.conv.out",
                                          "tail.2.conv.out", "features"}));
  EXPECT_NEAR(std::pow(10, space.log10_size()), 3 * 2 * 3 * (3 + 9 + 27) * (1 + 3 + 9) * 2, 1e-6);
  EXPECT_EQ(count_genotypes(space), 3 * 2 * 3 * (3 + 9 + 27) * (1 + 3 + 9) * 2);
}

TEST(FileSpace, BuildsWhatTheLabelsSay) {
  const FileSpace space(example(), kExample);
  gensynth::testing::LabelledChooser chooser(space, {{"width", "24"},
                                                     {"activation", "hard_swish"},
                                                     {"stem_blur.taps", "5"},
                                                     {"body.repeat", "2"},
                                                     {"body.1.kernel", R"({"kernel":1})"},
                                                     {"body.2.kernel", R"({"kernel":5,"padding":2})"},
                                                     {"tail.repeat", "0"},
                                                     {"features", R"(["both"])"}});
  space.walk(chooser);
  const Architecture network = space.build(chooser.genotype);
  std::vector<int> kernels;
  std::vector<int> widths;
  for (int v = 0; v < network.size(); ++v) {
    if (const auto* convolution = std::get_if<Convolution>(&network.op(v))) {
      kernels.push_back(convolution->kernel.h);
      widths.push_back(convolution->out_channels);
    }
    if (const auto* blur = std::get_if<BlurPool>(&network.op(v)); blur != nullptr && network[v].id == "stem_blur") {
      EXPECT_EQ(blur->taps, 5);
    }
    if (const auto* activation = std::get_if<Activation>(&network.op(v))) {
      EXPECT_EQ(activation->kind, ActivationKind::hard_swish);
    }
  }
  EXPECT_EQ(kernels, (std::vector<int>{3, 1, 5}));
  EXPECT_EQ(widths, (std::vector<int>{24, 24, 24}));
  EXPECT_EQ(network.shape(network.input(network.output(), 0)).channels, 48);  // both pools
  EXPECT_EQ(network[3].id, "stem_blur");
  EXPECT_EQ(network[4].id, "body.1.conv");
}

TEST(FileSpace, LeavesOutWhatTheOutputDoesNotRead) {
  const FileSpace space(example(), kExample);
  Rng rng(2);
  bool without = false;
  for (int i = 0; i < 20; ++i) {
    const Architecture network = space.build(space.sample(rng));
    int pools = 0;
    for (int v = 0; v < network.size(); ++v) pools += std::holds_alternative<GlobalPool>(network.op(v)) ? 1 : 0;
    without = without || pools == 1;
  }
  EXPECT_TRUE(without);
}

TEST(FileSpace, TableChoicesAreAskedOnceOthersAtEachPlace) {
  json shared = small(3, {{"choose", "width"}});
  shared["choices"]["width"] = {4, 8};
  EXPECT_EQ(count_genotypes(FileSpace(shared, "x")), 2);
  EXPECT_EQ(count_genotypes(FileSpace(small(3, {{"choose", {4, 8}}}), "x")), 8);
  const FileSpace repeated(small({{"choose", {0, 2, 3}}}, {{"choose", {4, 8}}}), "x");
  EXPECT_EQ(count_genotypes(repeated), 1 + 4 + 8);
  EXPECT_NEAR(std::pow(10, repeated.log10_size()), 13, 1e-9);
  const auto decision = repeated.next({});
  EXPECT_EQ(decision->name, "group.repeat");
  EXPECT_TRUE(decision->ordinal);
  const space::Genotype twice{1, 0};
  EXPECT_EQ(repeated.next(twice)->name, "group.2.conv.out");
}

TEST(FileSpace, GroupsNest) {
  json space = small(2, 8);
  json inner = space["vertices"][0];
  inner["id"] = "inner";
  inner["input"] = "previous";
  inner["repeat"] = {{"choose", {1, 2}}};
  inner["vertices"][0]["out"] = {{"choose", {4, 8}}, {"name", "width"}};
  space["vertices"][0]["vertices"] = nlohmann::json::array({inner});
  space["vertices"][0]["output"] = "inner";
  const FileSpace nested(space, "x");
  EXPECT_EQ(count_genotypes(nested), 36);
  EXPECT_NEAR(std::pow(10, nested.log10_size()), 36, 1e-9);
  const space::Genotype prefix{1, 0, 0, 1, 0};
  EXPECT_EQ(nested.next(prefix)->name, "group.2.inner.2.width");
  EXPECT_EQ(nested.label(*nested.next(prefix), 1), "8");
}

/// Each level of groups multiplies the number of vertices: a few lines must not define a network of millions of
/// vertices.
TEST(FileSpace, RepetitionsThatMultiplyWithoutEndAreRefused) {
  json space = small(64, 8);
  for (int level = 0; level < 4; ++level) {
    json outer = space["vertices"][0];
    json inner = outer;
    inner["id"] = "inner";
    inner["input"] = "previous";
    outer["vertices"] = nlohmann::json::array({inner});
    outer["output"] = "inner";
    outer["repeat"] = {{"choose", {0, 64}}};
    space["vertices"][0] = outer;
  }
  EXPECT_THAT(message_of(space), HasSubstr("my.json: /vertices: more than 20000 vertices and groups"));
  space = small(64, 8);
  space["vertices"].insert(space["vertices"].begin() + 1, space["vertices"][0]);
  space["vertices"][1]["id"] = "second";
  EXPECT_EQ(message_of(space), "no error");
}

TEST(FileSpace, InputShapeCanBeChosen) {
  json space = small(1, 8);
  space["input"] = {{"choose", {{1, 3, 8, 8}, {1, 3, 16, 16}}}};
  const FileSpace sizes(space, "x");
  EXPECT_EQ(sizes.next({})->name, "input");
  EXPECT_EQ(sizes.build({1}).shape(0).height, 16);
  EXPECT_NEAR(std::pow(10, sizes.log10_size()), 2, 1e-9);
}

TEST(FileSpace, AnArchitectureFileIsASpaceOfOne) {
  const Architecture network = nasbench201::NasBench201Space().build({3, 1, 2, 4, 0, 3});
  json file = json::parse(to_text(network));
  file["format"] = "gensynth.space";
  const FileSpace space(file, "x");
  EXPECT_EQ(space.log10_size(), 0);
  EXPECT_TRUE(space.contains({}));
  EXPECT_FALSE(space.next({}).has_value());
  EXPECT_EQ(canonical_hash(space.build({})), canonical_hash(network));
}

TEST(FileSpace, MistakesAreNamed) {
  json space = small(1, {{"choose", "widht"}});
  space["choices"]["width"] = {4, 8};
  EXPECT_THAT(message_of(space), HasSubstr("my.json: /vertices/0/vertices/0/out/choose: 'widht' is not in the table of "
                                           "choices (did you mean 'width'?)"));
  space["vertices"][0]["vertices"][0]["out"] = 8;
  EXPECT_THAT(message_of(space), HasSubstr("/choices/width: no vertex uses this choice"));
  EXPECT_THAT(message_of(small(1, {{"choose", {4, 4}}})), HasSubstr("the value 4 stands in the list twice"));
  EXPECT_THAT(message_of(small(1, {{"choose", json::array()}})), HasSubstr("at least one value"));
  EXPECT_THAT(message_of(small(1, {{"choose", {4, 8}}, {"nam", "w"}})), HasSubstr("unknown key 'nam'"));
  EXPECT_THAT(message_of(small({{"choose", {-1, 2}}}, 8)), HasSubstr("expected whole numbers from 0 to 64"));
  EXPECT_THAT(message_of(small(65, 8)), HasSubstr("/vertices/0/repeat"));

  space = small(1, 8);
  space["vertices"][0]["input"] = "inputs";
  EXPECT_THAT(message_of(space), HasSubstr("/vertices/0/input: 'inputs' is not a vertex or group above (did you mean "
                                           "'input'?)"));
  space = small(1, 8);
  space["vertices"][1]["id"] = "group";
  EXPECT_THAT(message_of(space), HasSubstr("'group' is already an id"));
  space = small(1, 8);
  space["vertices"][1]["id"] = "a.b";
  EXPECT_THAT(message_of(space), HasSubstr("no dot"));
  space = small(1, 8);
  space["outputs"] = "pool";
  EXPECT_THAT(message_of(space), HasSubstr("unknown key 'outputs'"));
  space = small(1, 8);
  space["version"] = 2;
  EXPECT_THAT(message_of(space), HasSubstr("version 2 is not known"));
  space = small(1, 8);
  space["vertices"][0]["vertices"][0]["with"] = {{"choose", {{{"out", 3}}, {{"out", 4}}}}};
  EXPECT_THAT(message_of(space), HasSubstr("'out' is also set by the vertex itself"));
}

TEST(FileSpace, AGenotypeThatDoesNotBuildIsFoundAtOnce) {
  json space = small(1, 8);
  space["vertices"][0]["vertices"][0]["groups"] = {{"choose", {1, 2}}};  // 3 channels do not part into 2 groups
  EXPECT_THAT(message_of(space), HasSubstr("(with group.1.conv.groups = 2)"));
  space["vertices"][0]["vertices"][0]["groups"] = 1;
  space["vertices"][0]["vertices"][0]["colour"] = {{"choose", {"red", "blue"}}};
  EXPECT_THAT(message_of(space), HasSubstr("unknown key 'colour'"));
}

}  // namespace
}  // namespace gensynth::file_space
