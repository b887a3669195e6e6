#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/cost.hpp"
#include "architecture/zoo/zoo.hpp"

namespace gensynth::zoo {
namespace {

struct Counted {
  std::int64_t layers = 0;   ///< convolutions and linear layers
  std::int64_t weights = 0;  ///< their weights, without biases
};

Counted count(const Architecture& network) {
  Counted counted;
  for (int v = 0; v < network.size(); ++v) {
    const auto* conv = std::get_if<Convolution>(&network.op(v));
    const auto* linear = std::get_if<Linear>(&network.op(v));
    if (!conv && !linear) continue;
    ++counted.layers;
    const bool bias = conv ? conv->bias : linear->bias;
    counted.weights += vertex_cost(network, v).params - (bias ? network.shape(v).channels : 0);
  }
  return counted;
}

// Layer for layer sums of the runtime's own network files; in EfficientNetV2 the squeeze-excite projections count once
// per map, where they run.
TEST(NcnnNetworks, SumsAreThoseOfTheLayerTables) {
  const auto rows = read_json_file(GENSYNTH_SOURCE_DIR "/tests/architecture/zoo/expected_ncnn.json");
  EXPECT_EQ(rows.size(), 17u);
  for (const auto& row : rows) {
    const std::string name = row.at("name");
    const Architecture network = zoo_network(name);
    const Counted counted = count(network);
    EXPECT_EQ(network.name(), name);
    EXPECT_EQ(counted.layers, row.at("layers").get<std::int64_t>()) << name;
    EXPECT_EQ(counted.weights, row.at("weights").get<std::int64_t>()) << name;
    EXPECT_EQ(cost(network).macs, row.at("macs").get<std::int64_t>()) << name;
  }
}

TEST(NcnnNetworks, AreNotInTheList) {
  for (const ZooFacts& facts : zoo_list()) EXPECT_FALSE(facts.name.starts_with("ncnn-")) << facts.name;
  EXPECT_THROW(zoo_facts("ncnn-resnet50"), Error);
}

TEST(NcnnNetworks, AnUnknownOneNamesThemAll) {
  try {
    zoo_network("ncnn-resnet5");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("did you mean 'ncnn-resnet50'?"),
                                             testing::HasSubstr("expected one of ncnn-alexnet, ncnn-blazeface")));
  }
}

TEST(NcnnNetworks, DetectorBackboneEndsInAMap) {
  const Architecture network = zoo_network("ncnn-blazeface");
  EXPECT_EQ(network.shape(network.output()), (Shape{Layout::map, 96, 8, 8}));
}

}  // namespace
}  // namespace gensynth::zoo
