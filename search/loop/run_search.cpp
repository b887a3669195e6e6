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

SearchOutcome run_search(const run::RunFolder& run, const job::Job& job, const SearchOptions& options,
                         const std::function<void(const SearchProgress&)>& report) {
  const SearchContext context(job);
  const std::unique_ptr<store::Store> store = store::Store::open(run.database());
  std::unique_ptr<executor::Executor> executor;
  if (job.proxy.enabled || context.plugins.size() > 0) {
    executor = std::make_unique<executor::LocalExecutor>(run, job, options.workers);
  } else {
    executor = std::make_unique<executor::InlineExecutor>(*store, context.performance);
  }
  Proposer proposer(job, context, *store);
  return SearchLoop({job, *store, *executor, proposer, [&](std::int64_t trial) { remove_weights(run, trial); },
                     [] { return stop_requested(); }, report, options.deterministic})
      .run();
}

}  // namespace gensynth::loop
