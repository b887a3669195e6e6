#include "search/loop/search_loop.hpp"

#include <algorithm>
#include <limits>
#include <thread>
#include <utility>

#include "architecture/base/clock.hpp"
#include "inquisitor/surrogate/winner.hpp"
#include "search/run/winner.hpp"

namespace gensynth::loop {
namespace {

constexpr double kRequeueSeconds = 5;
/// A lease that is found expired is looked at again after this time: where everything was paused (a machine that
/// slept), workers renew their leases at once.
constexpr double kSecondLookSeconds = 1;
constexpr double kReportSeconds = 1;
/// Where trials are evaluated at once, progress is reported after each of so many.
constexpr std::int64_t kReportTrials = 64;

/// While a search runs, the weights of every trial that may become the winner are kept.
int weights_kept(const job::Job& job) {
  if (!job.objective.accuracy_is_measured()) return job.budget.keep;
  return std::max(job.budget.keep, surrogate::kExpectedBestCandidates);
}

}  // namespace

SearchLoop::SearchLoop(LoopParts parts)
    : parts_(std::move(parts)), weights_(weights_kept(parts_.job), parts_.remove_weights), started_(now_seconds()) {
  parts_.store.each_evaluated([&](trial::Trial&& trial) { on_trial_finished(std::move(trial)); });
  count_lost();
  done_before_ = done_;
  parts_.store.each_observed([&](trial::Trial&& trial) { note_observed(trial); });
}

SearchOutcome SearchLoop::run() {
  const bool has_workers = parts_.executor.workers() > 0;
  if (!has_workers || !budget_done()) {
    requeue_interrupted();
    parts_.executor.start();
    if (!has_workers) poll_executor();  // trials that a killed coordinator left in the queue
  }
  SearchEnd end = SearchEnd::finished;
  for (;;) {
    collect();
    if (parts_.should_stop()) {
      end = SearchEnd::stopped;
      break;
    }
    if (budget_done()) break;
    if (out_of_time()) {
      end = SearchEnd::out_of_time;
      break;
    }
    const bool proposed = propose_while_room();
    if (parts_.proposer.out_of_proposals() && in_flight() == 0) {
      end = SearchEnd::out_of_proposals;
      break;
    }
    if (parts_.proposer.exhausted() && in_flight() == 0) {
      end = SearchEnd::space_exhausted;
      break;
    }
    if (out_of_patience() && in_flight() == 0) {
      end = SearchEnd::out_of_patience;
      break;
    }
    report_progress(proposed);
    if (has_workers) poll_executor();
    if (!proposed) std::this_thread::sleep_for(parts_.poll_interval);
  }
  parts_.executor.stop();
  collect();
  report_progress();
  return outcome(end);
}

SearchOutcome SearchLoop::outcome(SearchEnd end) {
  const std::optional<run::RunWinner> winner = run::select_winner(parts_.job, parts_.store);
  const std::int64_t since_best = best_ ? std::max<std::int64_t>(0, done_ - best_->ordinal) : done_;
  if (!winner) return {end, std::nullopt, "", parts_.store.counts(), done_, since_best};
  if (end == SearchEnd::finished || end == SearchEnd::out_of_patience || end == SearchEnd::space_exhausted) {
    weights_.limit(parts_.job.budget.keep, winner->trial.id);
  }
  return {end, winner->trial, run::winner_remark(*winner), parts_.store.counts(), done_, since_best};
}

bool SearchLoop::budget_done() const { return done_ >= parts_.job.budget.trials; }

bool SearchLoop::out_of_time() const {
  const double minutes = parts_.job.budget.minutes;
  return minutes > 0 && now_seconds() - started_ > 60 * minutes;
}

std::int64_t SearchLoop::in_flight() const { return parts_.proposer.queued() - done_; }

/// Proposal n waits for trial n - batch. In deterministic mode the strategy has then seen exactly the trials up to that
/// one, whatever else has finished.
bool SearchLoop::propose_while_room() {
  Proposer& proposer = parts_.proposer;
  const int workers = parts_.executor.workers();
  bool any = false;
  while (!parts_.should_stop() && proposer.queued() < parts_.job.budget.trials && !proposer.out_of_proposals() &&
         !proposer.exhausted()) {
    if (parts_.deterministic && workers > 0) {
      const std::int64_t needed = proposer.queued() + 1 - parts_.job.batch;
      if (needed > 0 && !all_ended(needed)) break;
      observe_up_to(needed);
    } else {
      if (in_flight() >= std::max<std::int64_t>(parts_.job.batch, workers + 1)) break;
      observe_all();
    }
    if (out_of_patience()) break;
    if (!proposer.next([this] { return parts_.should_stop() || out_of_time(); })) break;
    any = true;
    if (workers == 0) {
      poll_executor();
      collect();
      if (done_ % kReportTrials == 0) report_progress();
    }
  }
  return any;
}

/// A coordinator that was killed left trials running under leases of its own workers, which have ended with it. These
/// interruptions do not count as losses. Workers that others started keep their trials.
void SearchLoop::requeue_interrupted() {
  for (const trial::Trial& trial : parts_.store.list(trial::TrialState::running)) {
    if (parts_.executor.is_own_worker(trial.worker)) {
      (void)parts_.store.release(trial, "the search was interrupted");
    }
  }
}

bool SearchLoop::all_ended(std::int64_t up_to) const {
  for (std::int64_t ordinal = up_to; ordinal >= 1; --ordinal) {
    const bool ended = parts_.proposer.has_observed(ordinal) || unobserved_.count(ordinal) > 0;
    if (!ended && lost_.count(ordinal) == 0) return false;
  }
  return true;
}

void SearchLoop::observe_up_to(std::int64_t ordinal) {
  while (!unobserved_.empty() && unobserved_.begin()->first <= ordinal) observe_first();
}

void SearchLoop::observe_all() { observe_up_to(std::numeric_limits<std::int64_t>::max()); }

void SearchLoop::observe_first() {
  const auto first = unobserved_.begin();
  parts_.proposer.observe(first->second);
  note_observed(first->second);
  unobserved_.erase(first);
}

void SearchLoop::note_observed(const trial::Trial& trial) {
  ++observed_since_best_;
  if (!trial.feasible || !trial.u || (observed_best_ && *trial.u <= *observed_best_)) return;
  observed_best_ = trial.u;
  observed_since_best_ = 0;
}

bool SearchLoop::out_of_patience() const {
  return parts_.job.budget.patience > 0 && observed_since_best_ >= parts_.job.budget.patience;
}

void SearchLoop::on_trial_finished(trial::Trial trial) {
  if (!seen_.insert(trial.ordinal)) return;
  ++done_;
  if (trial.feasible && trial.u && (!best_ || *trial.u > *best_->u)) best_ = trial;
  weights_.on_trial_finished(trial);
  if (!parts_.proposer.has_observed(trial.ordinal)) unobserved_.emplace(trial.ordinal, std::move(trial));
}

/// Nothing waits for a trial whose record is damaged: it counts as one that ended, with nothing known about it.
void SearchLoop::count_lost() {
  if (in_flight() == 0 || parts_.store.damaged().empty()) return;
  OrdinalSet readable;
  for (const trial::Trial& trial : parts_.store.list()) (void)readable.insert(trial.ordinal);
  for (std::int64_t ordinal = 1; ordinal <= parts_.proposer.queued(); ++ordinal) {
    if (readable.contains(ordinal) || !seen_.insert(ordinal)) continue;
    lost_.insert(ordinal);
    ++done_;
  }
}

void SearchLoop::collect() {
  for (trial::Trial& trial : parts_.store.take_unseen()) on_trial_finished(std::move(trial));
}

void SearchLoop::poll_executor() {
  for (const std::string& worker : parts_.executor.poll()) parts_.store.requeue_orphans(worker);
  if (parts_.executor.workers() > 0 && now_seconds() >= look_at_leases_) look_at_leases();
}

/// A worker whose lease ran out is stuck, stopped or cut off; it is replaced.
void SearchLoop::look_at_leases() {
  const double now = now_seconds();
  look_at_leases_ = now + kRequeueSeconds;
  count_lost();
  const std::vector<trial::Trial> running = parts_.store.list(trial::TrialState::running);
  const bool expired =
      std::any_of(running.begin(), running.end(), [&](const trial::Trial& trial) { return trial.lease_until <= now; });
  if (expired && !std::exchange(found_expired_, true)) {
    look_at_leases_ = now + kSecondLookSeconds;
    return;
  }
  found_expired_ = false;
  if (!expired) return;
  for (const std::string& worker : parts_.store.requeue_expired()) {
    parts_.executor.replace(worker);
    parts_.store.requeue_orphans(worker);
  }
}

/// `counts` scans all trials; without news, progress is reported at most once a second.
void SearchLoop::report_progress(bool news) {
  if (!parts_.report) return;
  if (!news && done_ == reported_done_ && now_seconds() - reported_ < kReportSeconds) return;
  reported_ = now_seconds();
  reported_done_ = done_;
  SearchProgress progress;
  progress.done = done_;
  progress.target = parts_.job.budget.trials;
  progress.counts = parts_.store.counts();
  progress.best = best_;
  progress.elapsed = now_seconds() - started_;
  const std::int64_t fresh = done_ - done_before_;
  if (fresh > 0) {
    progress.eta =
        progress.elapsed / static_cast<double>(fresh) * static_cast<double>(parts_.job.budget.trials - done_);
  }
  parts_.report(progress);
}

}  // namespace gensynth::loop
