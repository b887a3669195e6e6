#include "architecture/base/clock.hpp"
#include "search/store/sqlite/sql_rows.hpp"
#include "search/store/sqlite/sql_store.hpp"
#include "search/store/trial_events.hpp"
#include "search/trial/trial_record.hpp"

namespace gensynth::store::sqlite {
namespace {

using soci::into;
using soci::use;

}  // namespace

void SqlStore::add(const std::vector<trial::Trial>& trials, const std::map<std::string, std::string>& values,
                   const std::vector<std::int64_t>& observed) {
  session_.transaction([&] {
    for (const trial::Trial& trial : trials) {
      insert_trial(session_.sql(), trial);
      insert_event(session_.sql(), proposed_event(trial));
    }
    mark_observed(session_.sql(), observed, session_.path());
    for (const auto& [name, content] : values) put_value(session_.sql(), name, content);
  });
}

void SqlStore::record(trial::EventKind kind, const std::string& reason,
                      const std::map<std::string, std::string>& values) {
  session_.transaction([&] {
    for (const auto& [name, content] : values) put_value(session_.sql(), name, content);
    insert_event(session_.sql(), run_event(kind, reason));
  });
}

std::vector<trial::Trial> SqlStore::take_unseen() {
  // Called many times a second: without news it must not take the writers' lock.
  const bool any = session_.guarded([&] {
    int found = 0;
    session_.sql() << "SELECT EXISTS (SELECT 1 FROM trial WHERE unseen = 1)", into(found);
    return found != 0;
  });
  if (!any) return {};
  return session_.transaction([&] {
    std::vector<trial::Trial> result = rows("WHERE unseen = 1 ORDER BY ordinal");
    session_.sql() << "UPDATE trial SET unseen = 0 WHERE unseen = 1";
    return result;
  });
}

std::vector<std::string> SqlStore::requeue_expired() {
  return lose_all([now = now_seconds()](const trial::Trial& trial) { return trial.lease_until <= now; });
}

int SqlStore::requeue_orphans(const std::string& worker) {
  return static_cast<int>(lose_all([&](const trial::Trial& trial) { return trial.worker == worker; }).size());
}

std::vector<std::string> SqlStore::lose_all(const std::function<bool(const trial::Trial&)>& is_lost) {
  return session_.transaction([&] {
    std::vector<std::string> workers;
    for (const trial::Trial& trial : rows("WHERE state = 'running'")) {
      if (!is_lost(trial)) continue;
      workers.push_back(trial.worker);
      lose_running(session_.sql(), trial, 0, kWorkerLost);
    }
    return workers;
  });
}

}  // namespace gensynth::store::sqlite
