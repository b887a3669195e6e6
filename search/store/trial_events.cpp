#include "search/store/trial_events.hpp"

#include <nlohmann/json.hpp>

#include "architecture/base/clock.hpp"
#include "architecture/base/error.hpp"
#include "search/store/coordinator_store.hpp"

namespace gensynth::store {
namespace {

using trial::EventKind;

trial::Event change(std::int64_t trial, trial::EventKind kind, const char* from, const std::string& to) {
  trial::Event result;
  result.time = now_seconds();
  result.trial = trial;
  result.kind = kind;
  result.from = from;
  result.to = to;
  return result;
}

}  // namespace

trial::Event proposed_event(const trial::Trial& trial) {
  trial::Event event = change(trial.id, EventKind::proposed, "proposed", to_string(trial.state));
  event.stage = trial.stage;
  event.reason = trial.reason;
  return event;
}

trial::Event claimed_event(const trial::Trial& trial) {
  trial::Event event = change(trial.id, EventKind::claimed, "queued", "running");
  event.reason = "attempt " + std::to_string(trial.attempt) + " by " + trial.worker;
  return event;
}

trial::Event rung_event(const trial::Trial& trial, const trial::Rung& rung) {
  trial::Event event = change(trial.id, EventKind::rung, "running", "running");
  event.stage = Stage::proxy;
  event.reason = to_json(rung).dump();
  return event;
}

trial::Event finished_event(const trial::Trial& trial) {
  trial::Event event = change(trial.id, EventKind::finished, "running", to_string(trial.state));
  event.stage = trial.stage;
  event.reason = trial.reason;
  return event;
}

std::vector<trial::Event> released_events(const trial::Trial& trial, const std::string& reason) {
  trial::Event event = change(trial.id, EventKind::preempted, "running", "preempted");
  event.reason = reason;
  return {event, change(trial.id, EventKind::requeued, "preempted", "queued")};
}

std::vector<trial::Event> lost_events(std::int64_t trial, int losses) {
  const bool fails = losses >= kLossesThatFail;
  trial::Event lost = change(trial, EventKind::lost, "running", "lost");
  lost.reason = "the worker was lost, or its lease ran out";
  trial::Event next =
      change(trial, fails ? EventKind::finished : EventKind::requeued, "lost", fails ? "failed" : "queued");
  if (fails) next.reason = "lost too often";
  return {lost, next};
}

std::string lost_reason(int losses) { return "lost " + std::to_string(losses) + " times: its workers died"; }

void check_final(const trial::Trial& trial) {
  if (is_final(trial.state)) return;
  throw Error(
      "trial " + std::to_string(trial.id) + ": cannot end as '" + to_string(trial.state) + "'; expected a final state",
      ErrorKind::internal);
}

}  // namespace gensynth::store
