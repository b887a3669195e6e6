#pragma once

#include "inquisitor/assessment/universal_performance.hpp"
#include "search/executor/executor.hpp"
#include "search/store/trial_queue.hpp"

namespace gensynth::executor {

/// Scores trials in the process of the search, for jobs in which nothing is trained and no plugin is asked: metrics and
/// verdicts are known when a trial is queued, so that only U is missing. Both references must outlive it.
class InlineExecutor final : public Executor {
 public:
  InlineExecutor(store::TrialQueue& queue, const assessment::UniversalPerformance& performance)
      : queue_(queue), performance_(performance) {}

  void start() override {}
  /// Throws Error when another process works on the run.
  std::vector<std::string> poll() override;
  void replace(const std::string&) override {}
  void stop() override {}
  int workers() const override { return 0; }
  bool is_own_worker(const std::string& name) const override;

 private:
  store::TrialQueue& queue_;
  const assessment::UniversalPerformance& performance_;
};

}  // namespace gensynth::executor
