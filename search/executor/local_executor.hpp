#pragma once

#include <memory>

#include "search/executor/executor.hpp"
#include "search/executor/worker_pool.hpp"
#include "search/job/job.hpp"
#include "search/run/run_folder.hpp"

namespace gensynth::executor {

/// Evaluates trials in worker processes on this machine, which train with LibTorch (worker_pool.hpp). `job` must
/// outlive it.
class LocalExecutor final : public Executor {
 public:
  /// `workers`: number of processes; 0: one for each core.
  LocalExecutor(run::RunFolder run, const job::Job& job, int workers);

  /// Decodes the images of the job first, so that the workers need not each do it.
  void start() override;
  std::vector<std::string> poll() override;
  void replace(const std::string& worker) override;
  void stop() override;
  int workers() const override { return count_; }
  bool is_own_worker(const std::string& name) const override;

 private:
  run::RunFolder run_;
  const job::Job& job_;
  int count_;
  std::unique_ptr<WorkerPool> pool_;  ///< between start and stop
};

}  // namespace gensynth::executor
