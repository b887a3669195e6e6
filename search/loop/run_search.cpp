#include "search/loop/run_search.hpp"

#include <filesystem>
#include <memory>

#include "search/executor/inline_executor.hpp"
#include "search/executor/local_executor.hpp"
#include "search/loop/signals.hpp"

namespace gensynth::loop {
namespace {

void remove_weights(const run::RunFolder& run, std::int64_t trial) {
  std::error_code ignored;
  std::filesystem::remove(run.weights(trial), ignored);
  std::filesystem::remove(run.training_state(trial), ignored);
}

}  // namespace

SearchOutcome run_search(run::Run& run, const SearchOptions& options,
                         const std::function<void(const SearchProgress&)>& report) {
  const job::Job& job = run.job();
  const run::SearchContext& context = run.context();
  std::unique_ptr<executor::Executor> executor;
  if (job.proxy.enabled) {
    executor = std::make_unique<executor::LocalExecutor>(run.folder(), job, options.workers);
  } else {
    executor = std::make_unique<executor::InlineExecutor>(run.store(), context.performance);
  }
  Proposer proposer(job, context, run.store());
  return SearchLoop({job, run.store(), *executor, proposer,
                     [&](std::int64_t trial) { remove_weights(run.folder(), trial); }, [] { return stop_requested(); },
                     report, options.deterministic})
      .run();
}

}  // namespace gensynth::loop
