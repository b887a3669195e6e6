#include "architecture/metric_infos.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(MetricInfos, NameEachMetricOnce) {
  std::set<std::string> names;
  for (const MetricInfo& info : metric_infos()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_NE(std::string(info.meaning), "") << info.name;
    EXPECT_EQ(&metric_info(info.name), &info);
  }
  EXPECT_THAT([] { (void)metric_info("proxy_top2"); }, ThrowsMessage<Error>(HasSubstr("did you mean 'proxy_top")));
}

TEST(MetricInfos, AgreeWithWhatIsCounted) {
  Rng rng(1);
  const Architecture network = random_architecture(rng, 32, 20);
  Metrics metrics;
  set_cost(cost(network), network.size(), metrics);
  std::set<std::string> counted;
  for (const auto& [name, quantity] : metrics) {
    counted.insert(name);
    EXPECT_EQ(metric_info(name).known, Stage::graph) << name;
    EXPECT_EQ(metric_info(name).unit, quantity.unit) << name;
  }
  // The metrics of columns are measured by the rules and are not part of the cost.
  counted.insert({"effective_columns", "column_independence", "column_heterogeneity", "independence_trend"});
  for (const MetricInfo& info : metric_infos()) {
    EXPECT_EQ(counted.count(info.name) == 1, info.known == Stage::graph) << info.name;
  }
}

TEST(MetricInfos, AreTheTableOfTheDocumentation) {
  std::ifstream file(GENSYNTH_SOURCE_DIR "/docs/constraints.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("|---|---|---|---|---|\n" + metric_table_markdown() + "\n"));
}

}  // namespace
}  // namespace gensynth
