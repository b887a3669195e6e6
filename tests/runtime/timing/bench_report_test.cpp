#include "runtime/timing/bench_report.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "runtime/latency/calibration/measurements.hpp"

namespace gensynth::timing {
namespace {

using testing::HasSubstr;

BenchReport report() {
  BenchReport report;
  report.host.processor = "A board, \"fast\"";
  report.runtime = "onnxruntime";
  report.options.threads = 2;
  report.clock_ghz = 1.5;
  report.results.push_back({"mobilenet-v1-1", 192, {{12, 10, 11}, {9, 8, 7}, "onnxruntime 1.20.1 (node)"}});
  report.results.push_back({"kernel:blur3-c24-px56", 56, {{0.5}, {0.4}, "onnxruntime 1.20.1 (node)"}});
  return report;
}

TEST(BenchReport, PicksTheStatistic) {
  const BenchResult result = report().results[0];
  EXPECT_DOUBLE_EQ(latency_of(result, bench_statistic("median")), 11);
  EXPECT_DOUBLE_EQ(latency_of(result, bench_statistic("minimum")), 10);
  EXPECT_DOUBLE_EQ(latency_of(result, bench_statistic("cpu-median")), 8);
  EXPECT_DOUBLE_EQ(latency_of(result, bench_statistic("cpu-minimum")), 7);
  try {
    bench_statistic("medain");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'median'"));
  }
}

TEST(BenchReport, CalibrationReadsItsRowsAsTheyAre) {
  const auto rows = latency::calibration::parse_measurements(to_csv(report()), "bench.csv");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].board, "A board, \"fast\"");
  EXPECT_EQ(rows[0].runtime, "onnxruntime");
  EXPECT_EQ(rows[0].precision, Precision::float32);
  EXPECT_EQ(rows[0].threads, 2);
  EXPECT_DOUBLE_EQ(rows[0].clock_ghz, 1.5);
  EXPECT_DOUBLE_EQ(rows[0].ms, 11);
  EXPECT_EQ(rows[0].architecture().shape(0).height, 192);
  EXPECT_EQ(rows[1].architecture().name(), "kernel:blur3-c24-px56");
}

TEST(BenchReport, JsonDistinguishesMeasuredFromPredicted) {
  const auto json = to_json(report());
  EXPECT_EQ(json["networks"][0]["provenance"], "measured");
  EXPECT_EQ(json["networks"][0]["wall"]["median_ms"], 11);
  EXPECT_EQ(json["networks"][0]["wall"]["deviation_ms"], 1);
  EXPECT_EQ(json["networks"][0]["runs"], 3);
  EXPECT_EQ(json["statistic"], "median");
  EXPECT_TRUE(json["context"].contains("load_avg"));
}

}  // namespace
}  // namespace gensynth::timing
