#include "search/loop/search_loop.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <thread>

#include "architecture/base/error.hpp"
#include "search/executor/worker_pool.hpp"
#include "search/loop/proposer.hpp"
#include "search/loop/signals.hpp"
#include "search/store/store.hpp"
#include "search/trial/ordinal_set.hpp"

namespace gensynth::loop {
namespace {

constexpr auto kPoll = std::chrono::milliseconds(50);
constexpr const char* kCoordinator = "coordinator";
constexpr double kReapSeconds = 5;
constexpr double kTellSeconds = 1;
constexpr int kQuickDeathsThatStop = 8;

class SearchLoop {
 public:
  SearchLoop(const run::RunFolder& run, const job::Job& job, const SearchOptions& options,
             const std::function<void(const SearchProgress&)>& report)
      : run_(run),
        job_(job),
        options_(options),
        report_(report),
        parts_(job),
        store_(store::Store::open(run.database())),
        proposer_(job, parts_, *store_),
        started_(store::now_seconds()) {
    if (options_.workers <= 0) options_.workers = std::max(1u, std::thread::hardware_concurrency());
    // Events first: a worker of another machine may finish a trial between the two.
    last_event_ = store_->last_event();
    store_->each_evaluated([&](trial::Trial&& trial) { ended(std::move(trial)); });
    done_before_ = done_;
  }

  SearchOutcome run() {
    const bool needs_workers = job_.proxy.enabled || parts_.plugins.size() > 0;
    if (needs_workers && !budget_done()) {
      take_back();
      if (job_.proxy.enabled)
        (void)data::Dataset::open(job_.data, run_.cache());  // decoded once, before workers need it
      workers_ = std::make_unique<executor::WorkerPool>(run_, options_.workers);
    } else if (!needs_workers) {
      take_back();
      score_queued();  // left behind by a coordinator that was killed
    }
    SearchEnd end = SearchEnd::finished;
    for (;;) {
      collect();
      if (stop_requested()) {
        end = SearchEnd::stopped;
        break;
      }
      if (budget_done()) break;
      if (out_of_time()) {
        end = SearchEnd::out_of_time;
        break;
      }
      const bool proposed = fill(needs_workers);
      if (proposer_.out_of_proposals() && in_flight() == 0) {
        end = SearchEnd::out_of_proposals;
        break;
      }
      tell(proposed);
      if (workers_) tend();
      if (!proposed) std::this_thread::sleep_for(kPoll);
    }
    if (workers_) workers_->stop();
    collect();
    tell();
    return {end, best_, store_->counts()};
  }

 private:
  bool budget_done() const { return done_ >= job_.budget.trials; }
  bool out_of_time() const {
    return job_.budget.minutes > 0 && store::now_seconds() - started_ > 60 * job_.budget.minutes;
  }
  std::int64_t in_flight() const { return proposer_.queued() - done_; }

  /// Proposes while there is room. Proposal n waits for trial n - batch; with `deterministic` it has then seen
  /// exactly the trials up to that one, whatever else is finished.
  bool fill(bool needs_workers) {
    bool any = false;
    while (!stop_requested() && proposer_.queued() < job_.budget.trials && !proposer_.out_of_proposals()) {
      const std::int64_t next = proposer_.queued() + 1;
      if (options_.deterministic && needs_workers) {
        const std::int64_t needed = next - job_.batch;
        if (needed > 0 && !all_ended(needed)) break;
        observe_up_to(needed);
      } else {
        if (in_flight() >= std::max<std::int64_t>(job_.batch, options_.workers + 1)) break;
        observe_all();
      }
      std::optional<trial::Trial> trial = proposer_.next([this] { return stop_requested() || out_of_time(); });
      if (!trial) break;
      any = true;
      if (!needs_workers) score_queued();
      if (!needs_workers && done_ % 64 == 0) tell();
    }
    return any;
  }

  /// Without training and plugins there is nothing for a worker to do: what is queued is scored at once.
  void score_queued() {
    while (std::optional<trial::Trial> trial = store_->claim(kCoordinator, 3600)) {
      trial->state = trial::TrialState::scored;
      trial->stage = "latency";
      trial->u = parts_.performance.score(trial->metrics, trial->verdicts);
      trial->feasible = true;
      trial->reason = "scored without training";
      if (!store_->finish(*trial)) throw Error(run_.database() + ": another process works on this run");
      ended(std::move(*trial));
    }
  }

  /// A coordinator that was killed left trials running under leases of its own workers, which are gone with it:
  /// no fault of the trials, so these are no losses. Workers started by others keep theirs.
  void take_back() {
    for (const trial::Trial& trial : store_->list("running")) {
      if (trial.worker != kCoordinator && trial.worker.rfind(executor::kLocalWorker, 0) != 0) continue;
      (void)store_->release(trial, "the search was interrupted");
    }
  }

  bool all_ended(std::int64_t up_to) const {
    for (std::int64_t ordinal = up_to; ordinal >= 1; --ordinal) {
      if (proposer_.has_observed(ordinal)) continue;
      if (unobserved_.count(ordinal) == 0) return false;
    }
    return true;
  }

  void observe_up_to(std::int64_t ordinal) {
    while (!unobserved_.empty() && unobserved_.begin()->first <= ordinal) observe_first();
  }
  void observe_all() {
    while (!unobserved_.empty()) observe_first();
  }
  void observe_first() {
    const auto first = unobserved_.begin();
    proposer_.observe(first->second);
    unobserved_.erase(first);
  }

  void ended(trial::Trial trial) {
    if (!seen_.insert(trial.ordinal)) return;
    ++done_;
    if (trial.feasible && trial.u) {
      if (!best_ || *trial.u > *best_->u) best_ = trial;
      keep_best_weights(trial);
    } else {
      remove_weights(trial.id);
    }
    if (!proposer_.has_observed(trial.ordinal)) unobserved_.emplace(trial.ordinal, std::move(trial));
  }

  void collect() {
    for (const trial::Event& event : store_->events(last_event_)) {
      last_event_ = event.seq;
      if (event.event != "finished") continue;
      std::optional<trial::Trial> trial = store_->get(event.trial);
      if (trial && trial->ordinal > 0) ended(std::move(*trial));
    }
  }

  void keep_best_weights(const trial::Trial& trial) {
    kept_.emplace_back(*trial.u, trial.id);
    std::sort(kept_.begin(), kept_.end(), std::greater<>());
    while (static_cast<int>(kept_.size()) > job_.budget.keep) {
      remove_weights(kept_.back().second);
      kept_.pop_back();
    }
  }

  void remove_weights(std::int64_t trial) const {
    std::error_code ignored;
    std::filesystem::remove(run_.weights(trial), ignored);
    std::filesystem::remove(run_.training_state(trial), ignored);
  }

  void tend() {
    for (const std::string& name : workers_->tend()) store_->reap(store::now_seconds() + 1e9, name);
    if (workers_->quick_deaths() >= kQuickDeathsThatStop) {
      throw Error("workers die as soon as they are started; the reason is in " + run_.worker_log(0));
    }
    if (store::now_seconds() - reaped_ > kReapSeconds) {
      store_->reap(store::now_seconds());
      reaped_ = store::now_seconds();
    }
  }

  /// Counting takes time for all trials there are, so that nothing but news is told at once.
  void tell(bool news = true) {
    if (!report_) return;
    if (!news && done_ == told_done_ && store::now_seconds() - told_ < kTellSeconds) return;
    told_ = store::now_seconds();
    told_done_ = done_;
    SearchProgress progress;
    progress.done = done_;
    progress.target = job_.budget.trials;
    progress.counts = store_->counts();
    progress.best = best_;
    progress.elapsed = store::now_seconds() - started_;
    const std::int64_t fresh = done_ - done_before_;
    if (fresh > 0) {
      progress.eta = progress.elapsed / static_cast<double>(fresh) * static_cast<double>(job_.budget.trials - done_);
    }
    report_(progress);
  }

  run::RunFolder run_;
  const job::Job& job_;
  SearchOptions options_;
  const std::function<void(const SearchProgress&)>& report_;
  SearchContext parts_;
  std::unique_ptr<store::Store> store_;
  Proposer proposer_;
  std::unique_ptr<executor::WorkerPool> workers_;
  double started_ = 0;
  double reaped_ = 0;
  double told_ = 0;
  std::int64_t told_done_ = 0;
  std::int64_t last_event_ = 0;
  std::int64_t done_ = 0;
  std::int64_t done_before_ = 0;
  trial::OrdinalSet seen_;                             // ordinals that ended
  std::map<std::int64_t, trial::Trial> unobserved_;    // ended, not yet shown to the strategy
  std::vector<std::pair<double, std::int64_t>> kept_;  // U and trial of the weights that are kept
  std::optional<trial::Trial> best_;
};

}  // namespace

SearchOutcome run_search(const run::RunFolder& run, const job::Job& job, const SearchOptions& options,
                         const std::function<void(const SearchProgress&)>& report) {
  return SearchLoop(run, job, options, report).run();
}

}  // namespace gensynth::loop
