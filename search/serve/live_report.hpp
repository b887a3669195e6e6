#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "search/analysis/overview/run_report.hpp"

namespace gensynth::serve {

/// The document "gensynth.report" of runs as they are now. Thread-safe: one caller at a time reads the runs, the others
/// get what it found. While a search is under way, the parts that take long are left out: near misses and credit.
class LiveReport {
 public:
  /// Throws Error when a run cannot be opened.
  LiveReport(std::vector<std::string> runs, analysis::overview::RunReportLimits limits, std::string program);

  /// Changes when `document` would: a trial ended or was added, or a running one has a new rung. Reads the stores at
  /// most once in `kLook`.
  std::string version();
  /// The JSON text of this version. While a search is under way, it stays as it is for `kRest` times as long as making
  /// it took, so that a page costs a search on the same machine little.
  std::shared_ptr<const std::string> document();

  static constexpr std::chrono::milliseconds kLook{500};
  static constexpr int kRest = 10;

 private:
  using Clock = std::chrono::steady_clock;
  std::string look();

  const std::vector<std::string> runs_;
  const analysis::overview::RunReportLimits limits_;
  const std::string program_;
  std::mutex mutex_;
  std::string version_;
  Clock::time_point looked_{};
  std::shared_ptr<const std::string> document_;
  std::string document_version_;
  Clock::time_point rests_until_{};
};

}  // namespace gensynth::serve
