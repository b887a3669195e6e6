#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "search/executor/executor.hpp"
#include "search/loop/ordinal_set.hpp"
#include "search/loop/proposer.hpp"
#include "search/loop/weight_files.hpp"
#include "search/store/store.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::loop {

/// The content of a progress display.
struct SearchProgress {
  std::int64_t done = 0;  ///< evaluated trials that ended
  std::int64_t target = 0;
  trial::StateCounts counts;
  std::optional<trial::Trial> best;  ///< the highest measured U so far
  double elapsed = 0;                ///< seconds, this process
  std::optional<double> eta;         ///< seconds
};

enum class SearchEnd { finished, stopped, out_of_proposals, out_of_time, out_of_patience, space_exhausted };

struct SearchOutcome {
  SearchEnd end = SearchEnd::finished;
  std::optional<trial::Trial> best;  ///< the winner (run/winner.hpp)
  std::string winner_remark;         ///< says that another trial measured a higher U; else ""
  trial::StateCounts counts;
  std::int64_t evaluated = 0;   ///< trials that ended after they were queued
  std::int64_t since_best = 0;  ///< of these, how many came after the one of the highest measured U
};

/// The parts of a search loop. References must outlive it.
struct LoopParts {
  const job::Job& job;
  store::Store& store;
  executor::Executor& executor;
  Proposer& proposer;
  WeightFiles::Remove remove_weights;                 ///< deletes the weights of a trial, if there are any
  std::function<bool()> should_stop;                  ///< asked often; true ends the search cleanly
  std::function<void(const SearchProgress&)> report;  ///< may be empty
  bool deterministic = false;                         ///< the log does not depend on the number of workers
  std::chrono::milliseconds poll_interval{50};        ///< pause while there is nothing to propose
};

/// The coordinator of a search: keeps the queue filled, lets the executor evaluate, shows finished trials to the
/// strategy and ends with the budget. All state is in the store, so that a new loop on the same store goes on where an
/// earlier one stopped or was killed.
class SearchLoop {
 public:
  explicit SearchLoop(LoopParts parts);
  /// Runs to the end of the budget or until `should_stop`. Called once. Throws Error for a broken store, or when trials
  /// cannot be evaluated.
  SearchOutcome run();

 private:
  bool budget_done() const;
  bool out_of_time() const;
  std::int64_t in_flight() const;
  bool propose_while_room();
  void requeue_interrupted();
  bool all_ended(std::int64_t up_to) const;
  void observe_up_to(std::int64_t ordinal);
  void observe_all();
  void observe_first();
  void note_observed(const trial::Trial& trial);
  bool out_of_patience() const;
  void on_trial_finished(trial::Trial trial);
  void count_lost();
  void collect();
  void poll_executor();
  void look_at_leases();
  void report_progress(bool news = true);
  SearchOutcome outcome(SearchEnd end);

  LoopParts parts_;
  WeightFiles weights_;
  double started_ = 0;
  double look_at_leases_ = 0;   ///< time of the next look
  bool found_expired_ = false;  ///< at the last one
  double reported_ = 0;
  std::int64_t reported_done_ = 0;
  std::int64_t done_ = 0;
  std::int64_t done_before_ = 0;
  OrdinalSet seen_;                                  ///< ordinals that ended
  std::set<std::int64_t> lost_;                      ///< ordinals of damaged records
  std::map<std::int64_t, trial::Trial> unobserved_;  ///< ended, not yet shown to the strategy
  std::optional<trial::Trial> best_;
  // Counted in the order in which the strategy observes the trials, which does not depend on who finishes first.
  std::optional<double> observed_best_;
  std::int64_t observed_since_best_ = 0;
};

}  // namespace gensynth::loop
