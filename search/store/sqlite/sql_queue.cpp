#include "architecture/base/clock.hpp"
#include "search/store/sqlite/sql_rows.hpp"
#include "search/store/sqlite/sql_store.hpp"
#include "search/store/trial_events.hpp"
#include "search/trial/trial_record.hpp"

namespace gensynth::store::sqlite {
namespace {

using soci::use;

/// Selects the trial only while the attempt still owns it.
constexpr const char* kOwned = " WHERE id = :i AND attempt = :a AND worker = :w AND state = 'running'";

}  // namespace

std::optional<trial::Trial> SqlStore::claim(const std::string& worker, double lease_seconds) {
  return session_.transaction([&]() -> std::optional<trial::Trial> {
    std::optional<trial::Trial> found = first_queued();
    if (!found) return std::nullopt;
    trial::Trial& trial = *found;
    trial.state = trial::TrialState::running;
    trial.attempt += 1;
    trial.worker = worker;
    trial.lease_until = now_seconds() + lease_seconds;
    session_.sql() << "UPDATE trial SET state = 'running', attempt = :a, worker = :w, lease_until = :l WHERE id = :i",
        use(trial.attempt), use(worker), use(trial.lease_until), use(trial.id);
    insert_event(session_.sql(), claimed_event(trial));
    return trial;
  });
}

/// The first one whose record can be read: a worker must not stop at a damaged one.
std::optional<trial::Trial> SqlStore::first_queued() const {
  std::vector<trial::Trial> found = rows("WHERE state = 'queued' ORDER BY id LIMIT 1");
  if (found.empty()) found = rows("WHERE state = 'queued' ORDER BY id");
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

bool SqlStore::heartbeat(const trial::Trial& trial, double lease_seconds) {
  const double until = now_seconds() + lease_seconds;
  return session_.transaction([&] {
    soci::statement update = (session_.sql().prepare << std::string("UPDATE trial SET lease_until = :l") + kOwned,
                              use(until), use(trial.id), use(trial.attempt), use(trial.worker));
    update.execute(true);
    return update.get_affected_rows() == 1;
  });
}

bool SqlStore::report_rung(const trial::Trial& trial, const trial::Rung& rung) {
  const std::string body = trial::trial_body(trial);
  return session_.transaction([&] {
    soci::statement update = (session_.sql().prepare << std::string("UPDATE trial SET body = :b") + kOwned, use(body),
                              use(trial.id), use(trial.attempt), use(trial.worker));
    update.execute(true);
    if (update.get_affected_rows() != 1) return false;
    insert_event(session_.sql(), rung_event(trial, rung));
    return true;
  });
}

bool SqlStore::finish(const trial::Trial& trial) {
  check_final(trial);
  const std::string body = trial::trial_body(trial);
  const std::string state = to_string(trial.state);
  const std::string stage = to_string(trial.stage);
  const double violation = rejecting_violation(trial);
  return session_.transaction([&] {
    soci::statement update =
        (session_.sql().prepare << std::string(
                                       "UPDATE trial SET state = :s, body = :b, rule = :r, stage = :g, violation = :v,"
                                       " core_seconds = core_seconds + :c, lease_until = 0, unseen = 1") +
                                       kOwned,
         use(state), use(body), use(trial.rule), use(stage), use(violation), use(trial.core_seconds), use(trial.id),
         use(trial.attempt), use(trial.worker));
    update.execute(true);
    if (update.get_affected_rows() != 1) return false;
    insert_event(session_.sql(), finished_event(trial));
    return true;
  });
}

bool SqlStore::release(const trial::Trial& trial, const std::string& reason) {
  return session_.transaction([&] {
    soci::statement update =
        (session_.sql().prepare << std::string("UPDATE trial SET state = 'queued', lease_until = 0") + kOwned,
         use(trial.id), use(trial.attempt), use(trial.worker));
    update.execute(true);
    if (update.get_affected_rows() != 1) return false;
    for (const trial::Event& event : released_events(trial, reason)) insert_event(session_.sql(), event);
    return true;
  });
}

bool SqlStore::lose(const trial::Trial& trial, const std::string& reason) {
  return session_.transaction([&] {
    for (const trial::Trial& held : rows("WHERE id = " + std::to_string(trial.id) + " AND state = 'running'")) {
      if (held.attempt != trial.attempt || held.worker != trial.worker) continue;
      lose_running(session_.sql(), held, trial.core_seconds, reason);
      return true;
    }
    return false;
  });
}

}  // namespace gensynth::store::sqlite
