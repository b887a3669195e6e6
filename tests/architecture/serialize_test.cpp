#include "architecture/serialize.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "tests/architecture/graph_draft.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth {
namespace {

using nlohmann::json;
using testing::HasSubstr;

void expect_equal(const Architecture& a, const Architecture& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(a.name(), b.name());
  EXPECT_EQ(a.output(), b.output());
  for (int v = 0; v < a.size(); ++v) {
    EXPECT_EQ(a[v].id, b[v].id);
    EXPECT_TRUE(a.op(v) == b.op(v)) << a[v].id;
    EXPECT_EQ(a.shape(v), b.shape(v)) << a[v].id;
    EXPECT_EQ(a[v].placement, b[v].placement) << a[v].id;
    const auto x = a.inputs(v);
    const auto y = b.inputs(v);
    EXPECT_EQ(std::vector<int>(x.begin(), x.end()), std::vector<int>(y.begin(), y.end())) << a[v].id;
  }
}

TEST(Serialize, RoundTripsExactly) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 20 + static_cast<int>(seed));
    const Architecture from_text = architecture_from_json(parse_json(to_text(net), "text"), "text");
    expect_equal(net, from_text);
    EXPECT_EQ(to_text(net), to_text(from_text));
    EXPECT_EQ(nlohmann::ordered_json::parse(to_text(net)), to_json(net));
    const Architecture other = disguised(net, rng);
    expect_equal(other, architecture_from_json(parse_json(to_json(other).dump(), "dump"), "dump"));
  }
}

TEST(Serialize, ReadsVerticesInAnyOrder) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Rng rng(seed);
    const Architecture net = random_architecture(rng, 16, 40);
    json file = json::parse(to_text(net));
    json& vertices = file["vertices"];
    std::reverse(vertices.begin(), vertices.end());
    const Architecture read = architecture_from_json(file, "reversed");
    ASSERT_EQ(read.size(), net.size());
    std::map<std::string, int> index;
    for (int v = 0; v < read.size(); ++v) index[read[v].id] = v;
    for (int v = 0; v < net.size(); ++v) {
      const int w = index.at(net[v].id);
      EXPECT_TRUE(net.op(v) == read.op(w));
      EXPECT_EQ(net.in_degree(v), read.in_degree(w));
      for (int port = 0; port < net.in_degree(v); ++port) {
        EXPECT_EQ(net[net.input(v, port)].id, read[read.input(w, port)].id);
      }
    }
  }
}

TEST(Serialize, WritesWhatAPersonWouldWrite) {
  ArchitectureBuilder builder("net", Shape{Layout::map, 3, 8, 8});
  builder.add(Convolution{.out_channels = 4, .kernel = {3, 5}, .stride = {2, 2}, .padding = {1, 2}}, 0,
              Placement{0, 1, -1, Role::stem}, "stem");
  builder.add(Activation{}, 1, {}, "act");
  builder.add(Add{}, {1, 2}, {}, "sum");
  EXPECT_EQ(to_text(builder.build(3)),
            R"({
  "format": "gensynth.architecture",
  "version": 1,
  "name": "net",
  "input": [1, 3, 8, 8],
  "vertices": [
    {"id": "input", "op": "input"},
    {"id": "stem", "op": "convolution", "inputs": ["input"], "out": 4, "kernel": [3, 5], "stride": 2, "padding": [1, 2], "stage": 0, "column": 1, "role": "stem"},
    {"id": "act", "op": "activation", "inputs": ["stem"], "kind": "relu"},
    {"id": "sum", "op": "add", "inputs": ["stem", "act"]}
  ],
  "output": "sum"
}
)");
  EXPECT_EQ(attributes_to_json(Pool{}).dump(), R"({"kind":"max"})");
  EXPECT_EQ(attributes_to_json(Concat{}).dump(), "{}");
}

/// A file written by hand: the input is implied, comments are allowed, and attributes are pairs or numbers.
constexpr const char* kByHand = R"({
  "format": "gensynth.architecture", "version": 1, "name": "by hand",
  "input": [1, 3, 8, 8],
  "vertices": [ // the classifier first
    {"id": "fc", "op": "linear", "inputs": ["pool"], "out": 10},
    {"id": "conv", "op": "convolution", "inputs": ["input"], "out": 4, "kernel": [3, 3], "padding": 1},
    {"id": "pool", "op": "global_pool", "inputs": ["conv"]}
  ],
  "output": "fc"
})";

TEST(Serialize, ReadsAFileWrittenByHand) {
  const Architecture net = architecture_from_json(parse_json(kByHand, "hand.json"), "hand.json");
  ASSERT_EQ(net.size(), 4);
  EXPECT_EQ(net[0].id, "input");
  EXPECT_EQ(net[1].id, "conv");
  EXPECT_TRUE(net.op(1) == Operator(Convolution{.out_channels = 4, .kernel = {3, 3}, .padding = {1, 1}}));
  EXPECT_EQ(net[net.output()].id, "fc");
}

std::string failure(const json& file, const std::string& pointer = "") {
  try {
    architecture_from_json(file, "hand.json", pointer);
    return "no error";
  } catch (const Error& error) {
    return error.what();
  }
}

/// kByHand with one place replaced (or removed, by null).
std::string failure_with(const std::string& pointer, const json& value) {
  json file = parse_json(kByHand, "hand.json");
  const json::json_pointer place(pointer);
  if (value.is_null()) {
    file[place.parent_pointer()].erase(place.back());
  } else {
    file[place] = value;
  }
  return failure(file);
}

TEST(ReadArchitecture, NamesPlaceValueAndExpectation) {
  const std::vector<std::tuple<const char*, json, const char*>> cases{
      {"/format", "gensynth.job", "/format: this is a 'gensynth.job' file, expected 'gensynth.architecture'"},
      {"/version", 2, "/version: version 2 is not known"},
      {"/name", nullptr, "missing key 'name'"},
      {"/colour", 1, "unknown key 'colour'"},
      {"/input", {1, 3, 8}, "/input: expected [1, channels, height, width]"},
      {"/input", {2, 3, 8, 8}, "/input: expected [1, channels, height, width]"},
      {"/input", {1, 3, 8.5, 8}, "/input: expected [1, channels, height, width]"},
      {"/input", {1, 3, 1 << 20, 8}, "/input: input [3, 1048576, 8] is out of range"},
      {"/vertices", "none", "/vertices: expected an array"},
      {"/vertices/1", 7, "/vertices/1: expected an object, found 7"},
      {"/vertices/1/id", "", "/vertices/1/id: expected a name, found an empty string"},
      {"/vertices/1/id", "fc", "/vertices/1/id: 'fc' is already the id of /vertices/0"},
      {"/vertices/1/id", "input", "'input' is already the id of /input"},
      {"/vertices/1/op", "convolutoin", "/vertices/1/op: unknown value 'convolutoin' (did you mean 'convolution'?)"},
      {"/vertices/1/out", nullptr, "/vertices/1: missing key 'out'"},
      {"/vertices/1/out", 1e12, "/vertices/1/out: expected a whole number"},
      {"/vertices/1/out", 0, "/vertices/1: vertex 'conv' (convolution): out channels 0 is out of range"},
      {"/vertices/1/kernel", {3, 3, 3}, "/vertices/1/kernel: expected a whole number or [height, width]"},
      {"/vertices/1/kernel", {3, "x"}, "/vertices/1/kernel: expected a whole number or [height, width]"},
      {"/vertices/1/kernel", 99, "vertex 'conv' (convolution): kernel 99x99 with padding 1 does not fit in [3, 8, 8]"},
      {"/vertices/1/strides", 2, "/vertices/1/strides: unknown key 'strides' (did you mean 'stride'?)"},
      {"/vertices/1/bias", 1, "/vertices/1/bias: expected true or false"},
      {"/vertices/1/role", "steam", "/vertices/1/role: unknown value 'steam' (did you mean 'stem'?)"},
      {"/vertices/1/stage", -1, "/vertices/1/stage: expected a whole number"},
      {"/vertices/1/inputs", "input", "/vertices/1/inputs: expected an array"},
      {"/vertices/1/inputs", {1}, "/vertices/1/inputs/0: expected a vertex id"},
      {"/vertices/1/inputs", {"inptu"}, "vertex 'conv' reads 'inptu', which is not a vertex (did you mean 'input'?)"},
      {"/vertices/1/inputs", json::array(), "/vertices/1: vertex 'conv' (convolution): expected 1 input, found 0"},
      {"/vertices/1/inputs", {"pool"}, "/vertices: the graph has a cycle: pool -> conv -> pool"},
      {"/vertices/1/inputs", {"conv"}, "/vertices: the graph has a cycle: conv -> conv"},
      {"/vertices/2/inputs", {"input"}, "vertex 'conv' (convolution) does not reach the output 'fc'"},
      {"/output", "fx", "/output: 'fx' is not a vertex (did you mean 'fc'?)"},
      {"/output", nullptr, "missing key 'output'"},
  };
  for (const auto& [pointer, value, expected] : cases) {
    const std::string message = failure_with(pointer, value);
    EXPECT_THAT(message, HasSubstr(expected)) << pointer;
    EXPECT_THAT(message, testing::StartsWith("hand.json: ")) << pointer;
  }
}

TEST(ReadArchitecture, AcceptsOneInputVertexOfAnyName) {
  json file = parse_json(kByHand, "hand.json");
  file["vertices"].push_back({{"id", "image"}, {"op", "input"}, {"stage", 0}});
  file["vertices"][1]["inputs"] = {"image"};
  const Architecture net = architecture_from_json(file, "hand.json");
  EXPECT_EQ(net[0].id, "image");
  EXPECT_EQ(net[0].placement, (Placement{0, -1, -1, Role::input}));
  expect_equal(net, architecture_from_json(json::parse(to_text(net)), "again"));
  file["vertices"].push_back({{"id", "image2"}, {"op", "input"}});
  EXPECT_THAT(failure(file), HasSubstr("/vertices/4: a second input 'image2' beside 'image'"));
}

TEST(ReadArchitecture, PrefixesThePointerOfAnEnclosingFile) {
  json file = parse_json(kByHand, "hand.json");
  file["vertices"][1]["out"] = "four";
  EXPECT_THAT(failure(file, "/network"), HasSubstr("/network/vertices/1/out: expected a whole number"));
}

TEST(ReadArchitecture, ReadsAndWritesFiles) {
  const std::string path = testing::TempDir() + "architecture_" + std::to_string(::getpid()) + ".json";
  Rng rng(1);
  const Architecture net = random_architecture(rng, 16, 40);
  write_architecture(net, path);
  expect_equal(net, read_architecture(path));
  std::remove(path.c_str());
  EXPECT_THROW(read_architecture(path), Error);
}

}  // namespace
}  // namespace gensynth
