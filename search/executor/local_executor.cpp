#include "search/executor/local_executor.hpp"

#include <algorithm>
#include <thread>

#include "architecture/base/error.hpp"
#include "runtime/data/dataset.hpp"

namespace gensynth::executor {
namespace {

constexpr int kQuickDeathsThatStop = 8;

}  // namespace

LocalExecutor::LocalExecutor(run::RunFolder run, const job::Job& job, int workers)
    : run_(std::move(run)),
      job_(job),
      count_(workers > 0 ? workers : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))) {}

void LocalExecutor::start() {
  if (job_.proxy.enabled) (void)data::Dataset::open(job_.data, run_.cache());
  pool_ = std::make_unique<WorkerPool>(run_, count_);
}

std::vector<std::string> LocalExecutor::poll() {
  if (!pool_) return {};
  std::vector<std::string> ended = pool_->poll();
  if (pool_->quick_deaths() >= kQuickDeathsThatStop) {
    throw Error("workers die as soon as they are started; the reason is in " + run_.worker_log(0),
                ErrorKind::environment);
  }
  return ended;
}

void LocalExecutor::replace(const std::string& worker) {
  if (pool_) pool_->replace(worker);
}

void LocalExecutor::stop() {
  if (pool_) pool_->stop();
}

bool LocalExecutor::is_own_worker(const std::string& name) const { return name.starts_with(kLocalWorker); }

}  // namespace gensynth::executor
