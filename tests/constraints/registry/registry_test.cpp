#include "constraints/registry/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::registry {
namespace {

using namespace gensynth::testing;
using namespace gensynth::constraints;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

std::string refused(const json& entry) {
  return message_of([&] { (void)ConstraintRegistry().read(entry, "job.json", "/constraints/2"); });
}

TEST(Registry, HasTheBuiltIns) {
  ConstraintRegistry registry;
  std::vector<std::string> names;
  for (const ConstraintInfo* info : registry.list()) {
    names.push_back(info->name);
    EXPECT_FALSE(info->summary.empty());
    EXPECT_FALSE(info->description.empty());
    for (const ParameterInfo& parameter : info->parameters) EXPECT_FALSE(parameter.help.empty()) << info->name;
  }
  EXPECT_THAT(names, IsSupersetOf({"columnar", "no_strided_pointwise", "anti_aliased_downsampling", "top1",
                                   "max_params", "max_macs", "max_latency", "max_peak_memory", "expression"}));
}

TEST(Registry, DefaultsOfHardnessFollowThePaper) {
  ConstraintRegistry registry;
  EXPECT_TRUE(registry.describe("no_strided_pointwise").hard_by_default);
  EXPECT_TRUE(registry.describe("top1").hard_by_default);
  EXPECT_FALSE(registry.describe("columnar").hard_by_default);
  EXPECT_FALSE(registry.describe("anti_aliased_downsampling").hard_by_default);
}

TEST(Registry, EntriesAreChecked) {
  EXPECT_THAT(refused({{"constraint", "columner"}}),
              AllOf(HasSubstr("job.json: /constraints/2/constraint"), HasSubstr("did you mean 'columnar'?")));
  EXPECT_THAT(refused({{"constraint", "columnar"}, {"min_columnar_stage", 2}}),
              HasSubstr("did you mean 'min_columnar_stages'?"));
  EXPECT_THAT(refused({{"constraint", "columnar"}, {"min_columnar_stages", 1.5}}), HasSubstr("whole number"));
  EXPECT_THAT(refused({{"constraint", "columnar"}, {"min_effective_columns", 0.5}}), HasSubstr("from 1 to 64"));
  EXPECT_THAT(refused({{"constraint", "columnar"}, {"hard", 1}}), HasSubstr("true or false"));
  EXPECT_THAT(refused({{"constraint", "columnar"}, {"weight", -1}}), HasSubstr("/constraints/2/weight"));
  EXPECT_THAT(refused({{"constraint", "max_params"}}), HasSubstr("missing key 'bound'"));
  EXPECT_THAT(refused({{"constraint", "max_params"}, {"bond", 3}}), HasSubstr("did you mean 'bound'?"));
  EXPECT_THAT(refused({{"constraint", "columnar"}, {"label", ""}}), HasSubstr("/constraints/2/label"));
  EXPECT_THAT(refused(json::array()), HasSubstr("expected an object"));
  EXPECT_THAT(message_of([] { ConstraintRegistry().describe("topp1"); }), HasSubstr("did you mean 'top1'?"));
}

TEST(Registry, EffectiveEntriesShowAllAndMakeTheSame) {
  ConstraintRegistry registry;
  const json entry = {{"constraint", "columnar"}, {"hard", true}, {"min_effective_columns", 2}};
  const json effective = to_json(registry.read(entry, "job.json", ""));
  const json expected = {{"constraint", "columnar"},
                         {"hard", true},
                         {"weight", 1.0},
                         {"min_macs_share", 0.3},
                         {"min_columnar_stages", 2},
                         {"min_stage_columns", 1.3},
                         {"min_independence", 0.3},
                         {"min_column_share", 0.1},
                         {"min_column_series", 2},
                         {"min_effective_columns", 2}};
  EXPECT_EQ(effective, expected);
  EXPECT_EQ(json(to_json(registry.read(effective, "job.json", ""))), effective);
  const json labelled = to_json(registry.read({{"constraint", "top1"}, {"label", "floor"}}, "job.json", ""));
  EXPECT_EQ(labelled.at("label"), "floor");
}

TEST(Registry, MakesSetsWithNamesOfTheirOwn) {
  ConstraintRegistry registry;
  const json a = {{"constraint", "expression"}, {"expression", "params < 1e9"}};
  const json b = {{"constraint", "expression"}, {"expression", "latency_ms < 1"}, {"label", "fast"}, {"weight", 3}};
  const ConstraintSet set = registry.create_all(json::array({a, b, {{"constraint", "columnar"}}}), "job.json", "/c");
  EXPECT_EQ(set.size(), 3u);
  EXPECT_TRUE(set.has("fast"));
  EXPECT_FALSE(set.has("top1"));
  EXPECT_EQ(set[1].name(), "fast");
  EXPECT_EQ(set[1].weight(), 3);
  EXPECT_THAT(message_of([&] {
                registry.create_all(json::array({a, a}), "job.json", "/c");
              }),
              AllOf(HasSubstr("/c/1"), HasSubstr("label")));
  EXPECT_THAT(message_of([&] { registry.create_all(a, "job.json", "/c"); }), HasSubstr("expected an array"));

  Metrics metrics;
  metrics.set("latency_ms", Quantity::measured(2, "ms", "here"));
  const Architecture net = mobilenet_v3_like();
  EXPECT_EQ(set.check(net, {}, CostClass::graph, CostClass::graph).size(), 2u);
  const auto late = set.check(net, metrics, CostClass::latency, CostClass::full);
  ASSERT_EQ(late.size(), 1u);
  EXPECT_EQ(late[0].constraint, "fast");
  const auto all = set.check(net, metrics, CostClass::graph, CostClass::full);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_FALSE(feasible(all));
  EXPECT_TRUE(feasible({all[0], all[2]}));  // columnar is violated, and soft
  EXPECT_FALSE(all[2].satisfied);
}

TEST(Registry, RefusesTakenNamesAndBadDeclarations) {
  ConstraintRegistry registry;
  ConstraintInfo info;
  info.name = "top1";
  info.origin = "mine";
  EXPECT_THAT(message_of([&] { registry.add(info, {}); }), HasSubstr("the name is taken by one that is built in"));
  info.name = "own";
  info.parameters = {{"weight", "number", 1, 0, 0, {}, "help"}};
  EXPECT_THAT(message_of([&] { registry.add(info, {}); }), HasSubstr("reserved"));
  info.parameters = {{"x", "float", 1, 0, 0, {}, "help"}};
  EXPECT_THAT(message_of([&] { registry.add(info, {}); }), HasSubstr("'float'"));
  info.parameters = {{"x", "number", 1, 0, 0, {}, "help"}, {"x", "number", 1, 0, 0, {}, "help"}};
  EXPECT_THAT(message_of([&] { registry.add(info, {}); }), HasSubstr("given twice"));
}

TEST(Verdict, SurvivesJson) {
  const Architecture net = resnet50(true);
  const Verdict verdict = judge({{"constraint", "no_strided_pointwise"}, {"label", "x"}, {"weight", 2}}, net);
  const Verdict again = verdict_from_json(json(to_json(verdict)), "log", "/7");
  EXPECT_EQ(json(to_json(again)), json(to_json(verdict)));
  EXPECT_EQ(again.vertices, verdict.vertices);
  EXPECT_EQ(json(to_json(verdict, net)).at("vertices")[0], net[verdict.vertices[0]].id);
  json bad = to_json(verdict);
  bad["violation"] = -1;
  EXPECT_THAT(message_of([&] { verdict_from_json(bad, "log", "/7"); }), HasSubstr("log: /7/violation"));
  bad = to_json(verdict, net);
  EXPECT_THAT(message_of([&] { verdict_from_json(bad, "log", "/7"); }), HasSubstr("vertex indices"));
}

TEST(Verdict, RelativeViolation) {
  Verdict verdict;
  verdict.violation = 3;
  verdict.bound = -6;
  EXPECT_DOUBLE_EQ(verdict.relative_violation(), 0.5);
  verdict.bound = 0;
  EXPECT_DOUBLE_EQ(verdict.relative_violation(), 3);
}

}  // namespace
}  // namespace gensynth::registry
