#include "constraints/plugin/loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "architecture/cost.hpp"
#include "tests/constraints/networks.hpp"
#include "tests/constraints/verdicts.hpp"

namespace gensynth::plugin {
namespace {

using constraints::Constraint;
using constraints::ConstraintInfo;
using constraints::Verdict;
using registry::ConstraintRegistry;

using namespace gensynth::testing;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string kExample = MAX_SKIP_LENGTH_PLUGIN;
const std::string kTroublesome = TROUBLESOME_PLUGIN;

std::string in_c(int trouble) { return std::string(IN_C_PLUGIN_STEM) + std::to_string(trouble) + ".so"; }

std::string refused(const std::string& path) {
  return message_of([&] { ConstraintRegistry().load_plugin(path); });
}

Architecture tiny(const std::string& name = "tiny") {
  testing::Sketch net(16, name);
  return net.finish(net.conv(0, 4, 3));
}

TEST(Plugin, ExampleIsFoundByNameAndJudges) {
  ConstraintRegistry registry;
  registry.load_plugin(kExample);
  registry.load_plugin(kExample);  // twice is fine
  const ConstraintInfo& info = registry.describe("max_skip_length");
  EXPECT_EQ(info.origin, std::filesystem::path(kExample).lexically_normal());
  EXPECT_FALSE(info.hard_by_default);
  const auto rule =
      registry.create(registry.read({{"constraint", "max_skip_length"}, {"bound", 6}, {"weight", 2}}, "job", ""));
  const Architecture net = resnet50(true);
  const Verdict verdict = rule->check(net, {});
  EXPECT_FALSE(verdict.satisfied);
  EXPECT_FALSE(verdict.hard);
  EXPECT_EQ(verdict.weight, 2);
  EXPECT_DOUBLE_EQ(verdict.measured, 8);  // three convolutions, three norms, two activations
  EXPECT_DOUBLE_EQ(verdict.violation, 2);
  EXPECT_EQ(verdict.vertices.size(), 12u);  // the four projections shorten their skips
  for (const int v : verdict.vertices) EXPECT_TRUE(std::holds_alternative<Add>(net.op(v)));
  EXPECT_THAT(verdict.message, HasSubstr("at most 6"));
}

TEST(Plugin, GetsShapeAndCostOfEachVertex) {
  ConstraintRegistry registry;
  registry.load_plugin(MAX_LAYER_SHARE_PLUGIN);
  const auto rule = registry.create(registry.read({{"constraint", "max_layer_share"}, {"bound", 2}}, "job", ""));
  const Architecture net = resnet50(true);
  const Verdict verdict = rule->check(net, {});
  double sum = 0;
  double most = 0;
  std::size_t beyond = 0;
  int largest = 0;
  for (int v = 0; v < net.size(); ++v) sum += static_cast<double>(vertex_cost(net, v).macs);
  for (int v = 0; v < net.size(); ++v) {
    const double share = 100 * static_cast<double>(vertex_cost(net, v).macs) / sum;
    beyond += share > 2 ? 1 : 0;
    if (share <= most) continue;
    most = share;
    largest = v;
  }
  EXPECT_DOUBLE_EQ(verdict.measured, most);
  EXPECT_EQ(verdict.vertices.size(), beyond);
  EXPECT_THAT(verdict.message, HasSubstr(net[largest].id + ", with output ["));
  EXPECT_FALSE(verdict.satisfied);
}

TEST(Plugin, OneOfAnEarlierHeaderIsAskedAsBefore) {
  ConstraintRegistry registry;
  registry.load_plugin(in_c(8));
  EXPECT_TRUE(registry.create(registry.read({{"constraint", "in_c"}}, "job", ""))->check(tiny(), {}).satisfied);
  EXPECT_THAT(refused(in_c(9)), HasSubstr("size is smaller"));
}

TEST(Plugin, AJobNamesItsPluginRelativeToItself) {
  ConstraintRegistry registry;
  const std::filesystem::path file(kExample);
  const json entry = {{"constraint", "max_skip_length"}, {"plugin", file.filename()}};
  const std::string job = (file.parent_path() / "job.json").string();
  EXPECT_TRUE(registry.create(registry.read(entry, job, "/constraints/0"))->check(resnet50(true), {}).satisfied);
  const json effective = to_json(registry.read(entry, job, ""));
  EXPECT_EQ(effective.at("plugin"), file.lexically_normal().string());
  EXPECT_EQ(effective.at("bound"), 24);
  EXPECT_THAT(message_of([&] { ConstraintRegistry().create(entry, "/nowhere/job.json", "/constraints/0"); }),
              AllOf(HasSubstr("/nowhere/job.json: /constraints/0/plugin"), HasSubstr("no such file")));
  json misspelt = entry;
  misspelt["bond"] = 3;
  EXPECT_THAT(message_of([&] { (void)registry.read(misspelt, job, ""); }), HasSubstr("did you mean 'bound'?"));
}

TEST(Plugin, ConstraintsOutliveTheRegistry) {
  std::unique_ptr<Constraint> rule;
  {
    ConstraintRegistry registry;
    rule = registry.create(registry.read({{"constraint", "max_skip_length"}, {"plugin", kExample}}, "", ""));
  }
  EXPECT_TRUE(rule->check(tiny(), {}).satisfied);
}

TEST(Plugin, PlainCWorks) {
  ConstraintRegistry registry;
  registry.load_plugin(in_c(0));
  const auto rule = registry.create({{"constraint", "in_c"}}, "", "");
  const Verdict verdict = rule->check(tiny(), {});
  EXPECT_TRUE(verdict.satisfied);
  EXPECT_EQ(verdict.bound, 2);
  EXPECT_FALSE(verdict.hard);
  const auto wrong = [&](const char* name) { return message_of([&] { rule->check(tiny(name), {}); }); };
  EXPECT_THAT(wrong("silent"), AllOf(HasSubstr("in_c"), HasSubstr("without saying why")));
  EXPECT_THAT(wrong("garbled"), AllOf(HasSubstr("in_c"), HasSubstr("not valid JSON")));
  EXPECT_THAT(wrong("unknown"), AllOf(HasSubstr("in_c"), HasSubstr("missing key 'measured'")));
}

TEST(Plugin, LoadErrorsGiveTheReason) {
  EXPECT_THAT(refused("/nowhere/at_all.so"), AllOf(HasSubstr("/nowhere/at_all.so"), HasSubstr("no such file")));
  const std::string text = ::testing::TempDir() + "not_a_library.so";
  std::ofstream(text) << "text";
  EXPECT_THAT(refused(text), AllOf(HasSubstr("not_a_library.so"), HasSubstr("cannot be loaded as a shared library")));
  EXPECT_THAT(refused(in_c(1)), AllOf(HasSubstr("version 2"), HasSubstr("version 1"), HasSubstr("rebuild")));
  EXPECT_THAT(refused(in_c(2)), HasSubstr("does not export 'gensynth_plugin_v1'"));
  EXPECT_THAT(refused(in_c(3)), AllOf(HasSubstr("version 7"), HasSubstr("version 1"), HasSubstr("rebuild")));
  EXPECT_THAT(refused(in_c(4)), AllOf(HasSubstr("its description"), HasSubstr("name")));
  EXPECT_THAT(refused(in_c(5)), HasSubstr("must not be null"));
  EXPECT_THAT(refused(in_c(6)), HasSubstr("no licence"));
  EXPECT_THAT(refused(in_c(7)), HasSubstr("registers no constraint"));
}

TEST(Plugin, TroubleIsReportedWithTheConstraintsName) {
  ConstraintRegistry registry;
  registry.load_plugin(kTroublesome);
  Metrics metrics;
  metrics.set("params", Quantity::exact(7, ""));
  const auto trouble = [&](const char* kind) {
    return message_of([&] {
      registry.create({{"constraint", "troublesome"}, {"trouble", kind}}, "job", "")->check(tiny(), metrics);
    });
  };
  EXPECT_EQ(trouble("none"), "");
  EXPECT_EQ(trouble("violated"), "");
  EXPECT_THAT(trouble("create"), AllOf(HasSubstr("troublesome"), HasSubstr("cannot be made")));
  EXPECT_THAT(trouble("throw"), AllOf(HasSubstr(kTroublesome), HasSubstr("stumbled over 7")));
  EXPECT_THAT(trouble("int"), AllOf(HasSubstr("troublesome"), HasSubstr("no std::exception")));
  EXPECT_THAT(trouble("unknown_vertex"), AllOf(HasSubstr("troublesome"), HasSubstr("no vertex 'nobody'")));
  EXPECT_THAT(trouble("negative"), AllOf(HasSubstr("troublesome"), HasSubstr("/violation")));
  EXPECT_THAT(trouble("nan"), AllOf(HasSubstr("troublesome"), HasSubstr("/measured")));
  EXPECT_THAT(trouble("nonsense"), HasSubstr("unknown value 'nonsense'"));
}

TEST(Plugin, SpecsCanBeReadWithoutTheLibrary) {
  ConstraintRegistry registry(registry::Plugins::leave);
  const json entry = {{"constraint", "gone"}, {"label", "mine"}, {"plugin", "/nowhere/gone.so"},
                      {"hard", false},        {"weight", 3},     {"bound", 7}};
  const std::vector<constraints::ConstraintSpec> specs =
      registry.read_all(json::array({entry, {{"constraint", "top1"}}}), "job", "/constraints");
  EXPECT_EQ(json(to_json(specs.at(0))), entry);
  EXPECT_EQ(registry.create_all(specs).size(), 1u) << "without the plugin's";
}

TEST(Plugin, TakenNamesAreRefused) {
  ConstraintRegistry registry;
  registry.load_plugin(in_c(0));
  const std::string copy = ::testing::TempDir() + "copy_of_in_c.so";
  std::filesystem::copy_file(in_c(0), copy, std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(message_of([&] { registry.load_plugin(copy); }), HasSubstr("the name is taken"));
}

}  // namespace
}  // namespace gensynth::plugin
