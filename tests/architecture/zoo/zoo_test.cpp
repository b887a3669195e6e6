#include "architecture/zoo/zoo.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/cost.hpp"
#include "architecture/serialize.hpp"
#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {
namespace {

struct Expected {
  std::string name;
  std::int64_t params;
  double macs_m;
};

/// Counted independently of this project from the published layer tables.
const std::vector<Expected>& expected() {
  static const std::vector<Expected> all = [] {
    std::vector<Expected> rows;
    for (const auto& row : read_json_file(GENSYNTH_SOURCE_DIR "/tests/architecture/zoo/expected.json")) {
      rows.push_back({row.at("name"), row.at("params"), row.at("macs_m")});
    }
    return rows;
  }();
  return all;
}

std::string message_of(const std::string& name) {
  try {
    zoo_network(name);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Zoo, ListsEveryNetworkOnceBaselinesFirst) {
  std::set<std::string> listed;
  for (const ZooFacts& facts : zoo_list()) EXPECT_TRUE(listed.insert(facts.name).second) << facts.name;
  std::set<std::string> wanted;
  for (const Expected& row : expected()) wanted.insert(row.name);
  EXPECT_EQ(listed, wanted);
  EXPECT_EQ(listed.size(), 94u);
  const std::vector<std::string> baselines{"ofa-pixel2-62", "fbnet-c", "mobilevit-xs", "mobileone-s1-reparam",
                                           "mobilenet-v3-large-1.0"};
  for (std::size_t i = 0; i < baselines.size(); ++i) EXPECT_EQ(zoo_list()[i].name, baselines[i]);
}

TEST(Zoo, ParametersAndMacsAreThoseOfTheTables) {
  for (const Expected& row : expected()) {
    const Cost counted = cost(zoo_network(row.name));
    EXPECT_EQ(counted.params, row.params) << row.name;
    EXPECT_NEAR(static_cast<double>(counted.macs) / 1e6, row.macs_m, 0.00051) << row.name;  // printed to 3 decimals
  }
}

TEST(Zoo, NetworksReadAnImageAndClassify) {
  for (const ZooFacts& facts : zoo_list()) {
    const Architecture network = zoo_network(facts.name);
    EXPECT_EQ(network.name(), facts.name);
    EXPECT_EQ(network.shape(network.input()), (Shape{Layout::map, 3, facts.px, facts.px})) << facts.name;
    EXPECT_EQ(network.shape(network.output()), (Shape{Layout::vector, 1000, 1, 1})) << facts.name;
  }
}

TEST(Zoo, PublishedFiguresAgreeWithTheCount) {
  int with_top1 = 0;
  for (const ZooFacts& facts : zoo_list()) {
    const Cost counted = cost(zoo_network(facts.name));
    EXPECT_FALSE(facts.family.empty()) << facts.name;
    EXPECT_FALSE(facts.source.empty()) << facts.name;
    // FBNet's published counts leave out batch norm and biases; some MAC counts include normalisation.
    const double params_m = static_cast<double>(counted.params) / 1e6;
    const double macs_m = static_cast<double>(counted.macs) / 1e6;
    EXPECT_NEAR(facts.params_m.value_or(params_m) / params_m, 1, 0.013) << facts.name;
    EXPECT_NEAR(macs_m / facts.macs_m.value_or(macs_m), 1, 0.2) << facts.name;
    EXPECT_EQ(facts.top1.has_value(), !facts.top1_source.empty()) << facts.name;
    if (facts.top1) {
      ++with_top1;
      EXPECT_GT(*facts.top1, 49) << facts.name;
      EXPECT_LT(*facts.top1, 81) << facts.name;
    }
  }
  EXPECT_EQ(with_top1, 68);
  EXPECT_EQ(zoo_facts("mobilenet-v3-large-1.0").top1, 75.2);
  EXPECT_FALSE(zoo_facts("mnasnet-b1-1.3").top1);
  EXPECT_EQ(zoo_family("mobilenet-v3-large-1.0"), "mobilenet-v3");
  EXPECT_EQ(zoo_family("ncnn-mobilenet"), "mobilenet-v1");
  EXPECT_EQ(zoo_family("ncnn-vgg16"), "vgg");
  EXPECT_THROW(zoo_family("resnet-51"), Error);
}

TEST(Zoo, BuildsAtOtherResolutions) {
  for (const ZooFacts& facts : zoo_list()) {
    const Architecture network = zoo_network(facts.name);
    const Cost counted = cost(network);
    for (const int px : {64, 128, 320}) {
      const Architecture resized = network.at_resolution(px);
      const Cost at_px = cost(resized);
      EXPECT_EQ(resized.shape(resized.output()), network.shape(network.output())) << facts.name;
      EXPECT_EQ(at_px.params, counted.params) << facts.name << " at " << px;
      EXPECT_EQ(at_px.macs < counted.macs, px < facts.px) << facts.name << " at " << px;
    }
  }
  EXPECT_THROW(zoo_network("mobilevit-xs").at_resolution(224), Error);  // 7x7 places do not make 2x2 patches
  EXPECT_NO_THROW(zoo_network("mobilevit-xs").at_resolution(192));
}

TEST(Zoo, SurvivesTheArchitectureFormat) {
  for (const ZooFacts& facts : zoo_list()) {
    const Architecture network = zoo_network(facts.name);
    const std::string text = to_text(network);
    const Architecture back = architecture_from_json(parse_json(text, facts.name), facts.name);
    EXPECT_EQ(to_text(back), text) << facts.name;
    const Cost before = cost(network);
    const Cost after = cost(back);
    EXPECT_EQ(after.params, before.params) << facts.name;
    EXPECT_EQ(after.macs, before.macs) << facts.name;
    EXPECT_EQ(after.depth, before.depth) << facts.name;
  }
}

/// The extent of the last map of each stage, without the maps that gates and heads pool.
std::map<int, int> stage_extents(const Architecture& network) {
  std::map<int, int> extents;
  for (int v = 1; v < network.size(); ++v) {
    const Shape& shape = network.shape(v);
    if (shape.layout == Layout::map && shape.height > 1) extents[network[v].placement.stage] = shape.height;
  }
  return extents;
}

TEST(Zoo, PlacementsFollowTheGrid) {
  for (const ZooFacts& facts : zoo_list()) {
    const Architecture network = zoo_network(facts.name);
    for (int v = 2; v < network.size(); ++v) {
      EXPECT_GE(network[v].placement.stage, network[v - 1].placement.stage) << facts.name << " vertex " << v;
      EXPECT_GE(network[v].placement.block, network[v - 1].placement.block) << facts.name << " vertex " << v;
    }
    const std::map<int, int> extents = stage_extents(network);
    for (auto i = extents.begin(); std::next(i) != extents.end(); ++i) {
      EXPECT_GT(i->second, std::next(i)->second) << facts.name << " stage " << i->first;
    }
    EXPECT_EQ(network[1].placement.role, Role::stem) << facts.name;
    EXPECT_EQ(network[network.output()].placement.role, Role::head) << facts.name;
  }
  using Extents = std::map<int, int>;
  EXPECT_EQ(stage_extents(zoo_network("fbnet-c")), (Extents{{1, 112}, {2, 56}, {3, 28}, {4, 14}, {5, 7}}));
  EXPECT_EQ(stage_extents(zoo_network("resnet-50")), (Extents{{1, 112}, {2, 56}, {3, 28}, {4, 14}, {5, 7}}));
  EXPECT_EQ(stage_extents(zoo_network("edgenext-xs")), (Extents{{1, 64}, {2, 32}, {3, 16}, {4, 8}}));
}

TEST(Zoo, RolesOfAnInvertedResidual) {
  const Architecture network =
      zoo::build_network("one", 32, "conv k3 c16 s2 relu; ir e4 c16 se=mid/4 relu; pool; fc c2");
  std::vector<Role> roles;
  for (int v = 0; v < network.size(); ++v) roles.push_back(network[v].placement.role);
  using enum Role;
  EXPECT_EQ(roles, (std::vector<Role>{input,     stem,      stem,      stem,                 // conv, norm, relu
                                      expansion, expansion, expansion,                       // 1x1
                                      embedding, embedding, embedding,                       // depthwise
                                      squeeze,   squeeze,   squeeze,   squeeze, gate, gate,  // pool ... multiply
                                      mix,       mix,       residual,  head,    head}));
}

/// The number of vertices of each operator, activations by kind.
std::map<std::string, int> operators_of(const std::string& name) {
  const Architecture network = zoo_network(name);
  std::map<std::string, int> found;
  for (int v = 0; v < network.size(); ++v) {
    const auto* activation = std::get_if<Activation>(&network.op(v));
    ++found[activation ? to_string(activation->kind) : operator_name(network.op(v))];
  }
  return found;
}

// Shortcuts and activations cost no parameters and no MACs; these are counted by hand from the papers' tables.
TEST(Zoo, SumsAreWhereTheBlocksHaveShortcuts) {
  const std::map<std::string, int> sums{
      {"mobilenet-v1-1", 0},  {"mobilenet-v2-1", 10},   {"mobilenet-v3-large-1.0", 10},
      {"mnasnet-b1-1.0", 10}, {"fbnet-c", 15},          {"efficientnet-b0", 9},
      {"resnet-18", 8},       {"resnet-50", 16},        {"regnety-200mf", 13},
      {"ghostnet-1.0", 16},   {"densenet-121", 0},      {"shufflenet-v2-1.0", 0},
      {"spnasnet-1.0", 14},   {"edgenext-xxs", 12 + 6}, {"mobilevit-xs", 2 + 18}};
  for (const auto& [name, expected_sums] : sums) EXPECT_EQ(operators_of(name)["add"], expected_sums) << name;
}

TEST(Zoo, ActivationsAreThoseOfThePapers) {
  auto mobilenet = operators_of("mobilenet-v3-large-1.0");
  EXPECT_EQ(mobilenet["relu"], 11 + 8);
  EXPECT_EQ(mobilenet["hard_swish"], 21);
  EXPECT_EQ(mobilenet["hard_sigmoid"], 8);
  auto efficientnet = operators_of("efficientnet-b0");
  EXPECT_EQ(efficientnet["silu"], 33 + 16);
  EXPECT_EQ(efficientnet["sigmoid"], 16);
  EXPECT_EQ(operators_of("mobilenet-v2-1")["relu6"], 1 + 1 + 16 * 2 + 1);
  EXPECT_EQ(operators_of("resnet-50")["relu"], 1 + 16 * 3);
  EXPECT_EQ(operators_of("densenet-121")["relu"], 1 + 58 * 2 + 3 + 1);
  EXPECT_EQ(operators_of("shufflenet-v2-1.0")["channel_shuffle"], 16);
}

TEST(Zoo, BranchesOfTheTrainedFormAreParallel) {
  const Architecture network = zoo_network("mobileone-s0-train");
  int widest = 0;
  for (int v = 0; v < network.size(); ++v) {
    if (std::holds_alternative<Add>(network.op(v))) widest = std::max(widest, network.in_degree(v));
  }
  EXPECT_EQ(widest, 6);  // four 3x3, one 1x1, one identity
}

TEST(Zoo, UnknownNameSuggestsTheNearest) {
  EXPECT_THAT(message_of("mobilenet-v3-large-1"), ::testing::HasSubstr("did you mean 'mobilenet-v3-large-1.0'"));
  // Networks write their numbers as their papers do.
  for (const auto& [given, known] : {std::pair{"mobilenet-v2-1.0", "mobilenet-v2-1"},
                                     {"mobilenet-v2-1.00", "mobilenet-v2-1"},
                                     {"mobilenet-v1-0.50", "mobilenet-v1-0.5"},
                                     {"shufflenet-v2-1", "shufflenet-v2-1.0"}}) {
    EXPECT_THAT(message_of(given), ::testing::HasSubstr("did you mean '" + std::string(known) + "'")) << given;
  }
  EXPECT_THAT(message_of("attendnext"), ::testing::HasSubstr("unknown zoo network 'attendnext'"));
  EXPECT_THROW(zoo_facts("resnet-51"), Error);
}

}  // namespace
}  // namespace gensynth::zoo
