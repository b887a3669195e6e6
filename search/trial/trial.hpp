#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "architecture/metrics.hpp"
#include "architecture/stage.hpp"
#include "constraints/constraint.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::trial {

/// A candidate is proposed and becomes rejected, duplicate or queued at once. A queued trial is claimed and runs; it
/// ends as scored, rejected, pruned or failed, or goes back to queued when its worker is lost or releases it ("lost"
/// and "preempted" are events, not states). The next claim counts as another attempt.
enum class TrialState { proposed, rejected, duplicate, queued, running, scored, pruned, failed };
inline constexpr std::array kTrialStates = {TrialState::proposed, TrialState::rejected, TrialState::duplicate,
                                            TrialState::queued,   TrialState::running,  TrialState::scored,
                                            TrialState::pruned,   TrialState::failed};
const char* to_string(TrialState state);
TrialState trial_state_from_string(const std::string& text);
bool is_final(TrialState state);

using StateCounts =
    std::map<TrialState, std::int64_t>;  ///< number of trials by state; states without trials are absent
nlohmann::ordered_json to_json(const StateCounts& counts);

/// Accuracy and losses that training reached after `images` images. A loss that overflowed is NaN.
struct Rung {
  std::int64_t images = 0;
  double train_loss = 0;
  double loss = 0;
  double top1 = 0;  ///< hold-out, %
  double top5 = 0;
  double balanced_accuracy = 0;  ///< hold-out, mean over the classes, %; NaN in runs of earlier versions
};
/// The one that an objective with this accuracy maximises: "proxy_balanced_accuracy", else top-1.
double accuracy_of(const Rung& rung, std::string_view objective_accuracy);

/// One candidate and everything known about it.
struct Trial {
  std::int64_t id = 0;       ///< 1, 2, ... in the order of proposal, rejected ones included
  std::int64_t ordinal = 0;  ///< 1, 2, ... among queued trials; 0 = never queued
  TrialState state = TrialState::proposed;
  int attempt = 0;  ///< of the running or last evaluation, from 1
  space::Genotype genotype;
  std::string hash;  ///< canonical, 32 hexadecimal digits
  std::vector<std::int64_t> parents;
  Metrics metrics;
  std::vector<constraints::Verdict> verdicts;
  std::vector<double>
      prune_below;  ///< by rung: a lower hold-out accuracy (accuracy_of) prunes the trial; fixed when proposed
  std::vector<Rung> rungs;
  std::optional<double> u;
  bool feasible = false;
  Stage stage = Stage::none;  ///< the last one it entered
  std::string rule;           ///< the constraint that rejected it
  std::string reason;         ///< why it ended as it did, in one line
  std::int64_t duplicate_of = 0;
  double core_seconds = 0;  ///< compute of all attempts
  std::string worker;
  double lease_until = 0;  ///< seconds since the epoch
};

/// The last two are of the run, not of a trial.
enum class EventKind { proposed, claimed, rung, finished, lost, preempted, requeued, budget, resumed };
const char* to_string(EventKind kind);
EventKind event_kind_from_string(const std::string& text);

/// A line of the log of a run.
struct Event {
  std::int64_t seq = 0;
  double time = 0;         ///< seconds since the epoch
  std::int64_t trial = 0;  ///< 0: of the run
  EventKind kind = EventKind::proposed;
  Stage stage = Stage::none;
  std::string from;  ///< a state of the trial, or "lost" or "preempted"
  std::string to;    ///< the same
  std::string reason;
};

/// How far the trial is beyond the bound of the constraint that rejected it, relative to that bound; 0 when none did.
double rejecting_violation(const Trial& trial);

nlohmann::ordered_json number_or_null(const std::optional<double>& value);
nlohmann::ordered_json to_json(const Trial& trial);
nlohmann::ordered_json to_json(const Rung& rung);
Rung rung_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer);

}  // namespace gensynth::trial
