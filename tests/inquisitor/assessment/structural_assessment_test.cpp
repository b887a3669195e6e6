#include "inquisitor/assessment/structural_assessment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "architecture/zoo/zoo.hpp"
#include "constraints/registry/registry.hpp"
#include "inquisitor/features/features.hpp"

namespace gensynth::assessment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constraints::ConstraintSet constraints(const std::vector<std::string>& expressions) {
  json list = json::array();
  for (const std::string& text : expressions) {
    list.push_back({{"constraint", "expression"}, {"expression", text}, {"label", text}});
  }
  registry::ConstraintRegistry registry;
  return registry.create_all(list, "test", "");
}

struct Models {
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
};

TEST(StructuralAssessor, TakesARejectedCandidateNoFurtherUnlessExhaustive) {
  const Models models;
  const constraints::ConstraintSet rules = constraints({"latency_ms < 0.001", "params < 1000"});
  const StructuralAssessor assessor(rules, models.latency, models.accuracy);
  const Architecture net = zoo::zoo_network("mobilenet-v2-1");
  const Assessment quick = assessor.assess(net);
  ASSERT_TRUE(quick.rejected());
  EXPECT_EQ(quick.stage, Stage::graph);
  EXPECT_EQ(quick.verdicts.size(), 1u);
  EXPECT_EQ(quick.verdicts[0].constraint, "params < 1000");
  EXPECT_EQ(quick.metrics.find("latency_ms"), nullptr);
  const Assessment whole = assessor.assess(net, true);
  EXPECT_EQ(whole.stage, Stage::graph);
  EXPECT_EQ(whole.rejected_by, 0);
  EXPECT_EQ(whole.verdicts.size(), 2u);
  EXPECT_GT(whole.hard_violation(), quick.hard_violation());
  EXPECT_NE(whole.metrics.find("latency_ms"), nullptr);
}

TEST(StructuralAssessor, RejectsByLatencyInItsSecondStage) {
  const Models models;
  const constraints::ConstraintSet rules = constraints({"latency_ms < 0.001", "params < 1e9"});
  const Assessment a =
      StructuralAssessor(rules, models.latency, models.accuracy).assess(zoo::zoo_network("mobilenet-v2-1"));
  ASSERT_TRUE(a.rejected());
  EXPECT_EQ(a.stage, Stage::latency);
  EXPECT_EQ(a.verdicts[static_cast<std::size_t>(a.rejected_by)].constraint, "latency_ms < 0.001");
}

TEST(StructuralAssessor, LooksAtTheResolutionTheDeviceWillSee) {
  const Models models;
  const constraints::ConstraintSet none;
  const Architecture net = zoo::zoo_network("mobilenet-v2-1");
  const double full = StructuralAssessor(none, models.latency, models.accuracy).assess(net).metrics.at("macs").value;
  const double small =
      StructuralAssessor(none, models.latency, models.accuracy, 128).assess(net).metrics.at("macs").value;
  EXPECT_NEAR(small / full, (128.0 * 128.0) / (224.0 * 224.0), 0.01);
}

/// Far from all networks that the accuracy model was fitted to, yet large: a sum of linear layers.
Architecture unlike_all() {
  ArchitectureBuilder b("unlike", Shape{Layout::map, 3, 224, 224});
  int v = b.input();
  for (int i = 0; i < 5; ++i) {
    v = b.add(Convolution{.out_channels = 256 << i, .kernel = {2, 2}, .stride = {2, 2}}, v);
  }
  return b.build(b.add(Linear{.out_features = 1000}, b.add(GlobalPool{}, v)));
}

TEST(StructuralAssessor, ExtrapolatesOnlyWhenItMay) {
  const Models models;
  registry::ConstraintRegistry registry;
  const constraints::ConstraintSet rules =
      registry.create_all({{{"constraint", "top1"}, {"bound", 0.01}, {"hard", true}}}, "test", "");
  const Architecture net = unlike_all();
  const Assessment rejected = StructuralAssessor(rules, models.latency, models.accuracy).assess(net);
  EXPECT_TRUE(rejected.rejected());
  EXPECT_FALSE(rejected.metrics.at("top1").in_distribution);
  EXPECT_EQ(rejected.metrics.at("top1").taken(), rejected.metrics.at("top1").low);
  const StructuralAssessor allowing(rules, models.latency, models.accuracy, 0, true);
  const Assessment allowed = allowing.assess(net);
  EXPECT_FALSE(allowed.rejected());
  EXPECT_TRUE(allowing.feasible(net));
  EXPECT_FALSE(allowed.metrics.at("top1").in_distribution);
  EXPECT_EQ(allowed.metrics.at("top1").taken(), allowed.metrics.at("top1").value);
}

TEST(ProxyNetwork, ChangesResolutionAndClassesAndNothingElse) {
  const Architecture net = zoo::zoo_network("mobilenet-v2-1");
  const Architecture proxy = proxy_network(net, 64, 10);
  ASSERT_EQ(proxy.size(), net.size());
  EXPECT_EQ(proxy.shape(proxy.input()).height, 64);
  EXPECT_EQ(proxy.shape(proxy.input()).width, 64);
  EXPECT_EQ(proxy.shape(proxy.output()).channels, 10);
  for (int v = 0; v < net.size(); ++v) {
    EXPECT_EQ(proxy[v].id, net[v].id);
    EXPECT_EQ(proxy[v].placement, net[v].placement);
  }
}

TEST(ProxyNetwork, NeedsALinearEnd) {
  ArchitectureBuilder builder("headless", Shape{Layout::map, 3, 32, 32});
  const int out = builder.add(GlobalPool{}, builder.add(Convolution{.out_channels = 8}, builder.input()));
  const Architecture net = builder.build(out);
  EXPECT_THAT([&] { (void)proxy_network(net, 32, 10); },
              ThrowsMessage<Error>(::testing::AllOf(HasSubstr("headless"), HasSubstr(net[out].id))));
}

/// A gate whose ports, and whose branches' order of making, can be swapped.
Architecture gated(bool swapped) {
  ArchitectureBuilder b(swapped ? "b" : "a", Shape{Layout::map, 3, 32, 32});
  const int stem = b.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, 0);
  int map = 0;
  int gate = 0;
  const auto make_map = [&] { map = b.add(Activation{}, b.add(Convolution{.out_channels = 8}, stem)); };
  const auto make_gate = [&] { gate = b.add(Activation{ActivationKind::sigmoid}, b.add(GlobalPool{}, stem)); };
  if (swapped) {
    make_gate();
    make_map();
  } else {
    make_map();
    make_gate();
  }
  const int product = b.add(Multiply{}, swapped ? std::vector<int>{gate, map} : std::vector<int>{map, gate});
  return b.build(b.add(Linear{10}, b.add(GlobalPool{}, product)));
}

TEST(Features, HaveNamesAndAreEqualForIsomorphicGraphs) {
  const std::vector<double> a = features::architecture_features(gated(false));
  EXPECT_EQ(a.size(), features::architecture_feature_names().size());
  const std::vector<double> b = features::architecture_features(gated(true));
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i], b[i]) << features::architecture_feature_names()[i];
  EXPECT_NE(a, features::architecture_features(gated(false).at_resolution(64)));
}

}  // namespace
}  // namespace gensynth::assessment
