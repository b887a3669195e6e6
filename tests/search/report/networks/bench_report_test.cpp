#include "search/report/networks/bench_report.hpp"

#include <gtest/gtest.h>

namespace gensynth::report::networks {
namespace {

TEST(BenchReport, SummarisesRunsAndNamesTheRuntimeOnce) {
  timing::BenchReport report;
  report.runtime = "onnxruntime";
  report.results = {{"net", 64, {{3, 1, 2}, {3, 1, 2}, "onnxruntime 1.20.1"}}};
  EXPECT_EQ(bench_text(report),
            "network  input  median ms  deviation  minimum  cpu median  cpu minimum  runs\n"
            "net         64      2.000      1.000    1.000       2.000        1.000     3\n"
            "\nmeasured: onnxruntime 1.20.1, 1 thread, fp32, batch 1, 3 warm-up runs, 1 round\n");
  report.runtime = "libtorch-onednn";
  report.options.threads = 2;
  report.rounds = 3;
  EXPECT_NE(bench_text(report).find("libtorch-onednn, onnxruntime 1.20.1, 2 threads"), std::string::npos);
  EXPECT_NE(bench_text(report).find("3 rounds\n"), std::string::npos);
}

}  // namespace
}  // namespace gensynth::report::networks
