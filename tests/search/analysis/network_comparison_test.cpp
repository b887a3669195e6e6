#include "search/analysis/network_comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/report/networks/comparison_report.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::HasSubstr;

ComparisonRequest request() {
  ComparisonRequest request;
  request.networks = {"zoo:mobilenet-v2-1", "zoo:squeezenet-1.1"};
  request.runtimes = {request.target.runtime};
  request.threads = {1};
  return request;
}

std::int64_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST(NetworkComparison, ThroughputIsRelativeToTheReference) {
  const NetworkComparison found = compare_networks(request());
  ASSERT_EQ(found.networks.size(), 2U);
  EXPECT_EQ(found.request.reference, "zoo:mobilenet-v2-1");
  EXPECT_EQ(found.networks[0].throughputs[0], 1);
  EXPECT_DOUBLE_EQ(found.networks[1].throughputs[0],
                   found.networks[0].latencies[0].value / found.networks[1].latencies[0].value);
  ComparisonRequest other = request();
  other.reference = "zoo:resnet-50";  // not among those compared
  EXPECT_GT(compare_networks(other).networks[0].throughputs[0], 2);
}

TEST(NetworkComparison, TargetsAreRuntimesTimesThreads) {
  ComparisonRequest all = request();
  all.runtimes = {"all"};
  all.threads = {1, 4};
  const NetworkComparison found = compare_networks(all);
  EXPECT_EQ(found.targets.size(), 2 * found.request.runtimes.size());
  EXPECT_EQ(found.targets[1].threads, 4);
  EXPECT_EQ(found.targets[1].runtime, found.targets[0].runtime);
  EXPECT_EQ(found.networks[0].latencies.size(), found.targets.size());
  EXPECT_EQ(lines(report::networks::comparison_csv(found)), static_cast<std::int64_t>(1 + 2 * found.targets.size()));
  EXPECT_EQ(report::networks::comparison_chart(found).panels.size(), found.request.runtimes.size() + 1);
  all.runtimes = {"nowhere"};
  EXPECT_THROW((void)compare_networks(all), Error);
}

TEST(NetworkComparison, RenderersShowTheSameNumbers) {
  const NetworkComparison found = compare_networks(request());
  const nlohmann::json json = nlohmann::json::parse(report::networks::comparison_json(found).dump());
  EXPECT_EQ(json[1].at("targets")[0].at("latency_ms"), found.networks[1].latencies[0].value);
  EXPECT_EQ(json[1].at("relative_throughput"), found.networks[1].throughputs[0]);
  const std::string text = report::networks::comparison_text(found);
  EXPECT_THAT(text, HasSubstr("throughput relative to zoo:mobilenet-v2-1\n"));
  EXPECT_THAT(text, HasSubstr("1.00x"));
}

}  // namespace
}  // namespace gensynth::analysis
