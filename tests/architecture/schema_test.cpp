// docs/architecture.schema.json against the writer and the reader.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "architecture/attributes.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/serialize.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth {
namespace {

using nlohmann::json;

const json& schema_file() {
  static const json file = read_json_file(std::string(GENSYNTH_SOURCE_DIR) + "/docs/architecture.schema.json");
  return file;
}

bool is_valid(const json& document) {
  static const valijson::Schema& schema = [&]() -> const valijson::Schema& {
    static valijson::Schema parsed;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_file()), parsed);
    return parsed;
  }();
  valijson::Validator validator;
  return validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), nullptr);
}

json example() {
  return json::parse(R"({
    "format": "gensynth.architecture", "version": 1, "name": "example", "input": [1, 3, 8, 8],
    "vertices": [
      {"id": "a", "op": "convolution", "inputs": ["input"], "out": 4, "kernel": [3, 5], "stride": 2, "role": "stem"},
      {"id": "b", "op": "pool", "inputs": ["a"], "kind": "average", "kernel": 2, "count_include_pad": true},
      {"id": "c", "op": "resize", "inputs": ["b", "a"], "mode": "bilinear"},
      {"id": "d", "op": "dropout", "inputs": ["c"], "rate": 0.5, "stage": 1, "column": 0, "block": 3}
    ],
    "output": "d"})");
}

TEST(ArchitectureSchema, AcceptsWhatTheWriterWrites) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    EXPECT_TRUE(is_valid(json::parse(to_text(random_architecture(rng, 16, 60))))) << seed;
  }
}

TEST(ArchitectureSchema, AcceptsAGenotypeThatReadersPassOver) {
  Rng rng(1);
  const Architecture network = random_architecture(rng, 16, 60);
  const json document = json::parse(to_text(network, {3, 0, 12}));
  EXPECT_EQ(document.at("genotype"), json({3, 0, 12}));
  EXPECT_TRUE(is_valid(document));
  EXPECT_EQ(to_text(architecture_from_json(document, "file")), to_text(network));
}

TEST(ArchitectureSchema, AgreesWithTheReaderOnHandWrittenFiles) {
  EXPECT_TRUE(is_valid(example()));
  EXPECT_NO_THROW(architecture_from_json(example(), "example"));
  const std::vector<std::pair<const char*, json>> faults{
      {"/format", "gensynth.space"},
      {"/version", 2},
      {"/extra", 1},
      {"/input", {1, 3, 8}},
      {"/input/0", 2},
      {"/input/1", 0},
      {"/output", 5},
      {"/genotype", "1, 2"},
      {"/genotype", {1, -1}},
      {"/genotype", {1.5}},
      {"/vertices/0/op", "convolve"},
      {"/vertices/0/id", ""},
      {"/vertices/0/out", 0},
      {"/vertices/0/out", "4"},
      {"/vertices/0/kernel", {3}},
      {"/vertices/0/kernel", 0},
      {"/vertices/0/stride", 0},
      {"/vertices/0/padding", -1},
      {"/vertices/0/rate", 0.5},
      {"/vertices/0/inputs", "input"},
      {"/vertices/0/role", "steam"},
      {"/vertices/0/bias", 0},
      {"/vertices/1/kind", "median"},
      {"/vertices/1/taps", 3},
      {"/vertices/2/mode", "cubic"},
      {"/vertices/2/scale", -1},
      {"/vertices/3/rate", 1},
      {"/vertices/3/stage", -1},
      {"/vertices/3/out", 4},
  };
  for (const auto& [pointer, value] : faults) {
    json document = example();
    document[json::json_pointer(pointer)] = value;
    EXPECT_FALSE(is_valid(document)) << pointer;
    EXPECT_ANY_THROW(architecture_from_json(document, "example")) << pointer;
  }
}

template <std::size_t... I>
std::vector<Operator> every_operator(std::index_sequence<I...>) {
  return {Operator(std::in_place_index<I>)...};
}

TEST(ArchitectureSchema, ListsExactlyTheAttributesOfEveryOperator) {
  std::set<std::string> defined;
  for (const auto& vertex : schema_file()["definitions"]["vertex"]["oneOf"]) {
    const std::string name = vertex["properties"]["op"]["const"];
    defined.insert(name);
    EXPECT_EQ(vertex["additionalProperties"], false) << name;
  }
  for (const Operator& op : every_operator(std::make_index_sequence<std::variant_size_v<Operator>>())) {
    const std::string name = operator_name(op);
    EXPECT_EQ(defined.erase(name), 1U) << name;
    std::set<std::string> keys{"id", "op", "inputs", "stage", "column", "block", "role"};
    std::set<std::string> required{"id", "op"};
    if (!std::holds_alternative<Input>(op)) required.insert("inputs");
    std::visit(
        [&]<class Op>(const Op&) {
          attributes(OperatorTag<Op>{}, [&](const char* key, auto, Presence presence) {
            keys.insert(key);
            if (presence == Presence::required) required.insert(key);
          });
        },
        op);
    for (const auto& vertex : schema_file()["definitions"]["vertex"]["oneOf"]) {
      if (vertex["properties"]["op"]["const"] != name) continue;
      std::set<std::string> listed;
      for (const auto& item : vertex["properties"].items()) listed.insert(item.key());
      EXPECT_EQ(listed, keys) << name;
      EXPECT_EQ(vertex["required"].get<std::set<std::string>>(), required) << name;
    }
  }
  EXPECT_TRUE(defined.empty());
}

}  // namespace
}  // namespace gensynth
