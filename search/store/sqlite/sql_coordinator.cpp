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

int SqlStore::requeue_expired() {
  return lose([now = now_seconds()](const trial::Trial& trial) { return trial.lease_until <= now; });
}

int SqlStore::requeue_orphans(const std::string& worker) {
  return lose([&](const trial::Trial& trial) { return trial.worker == worker; });
}

int SqlStore::lose(const std::function<bool(const trial::Trial&)>& is_lost) {
  return session_.transaction([&] {
    soci::session& sql = session_.sql();
    int count = 0;
    for (const trial::Trial& trial : rows("WHERE state = 'running'")) {
      if (!is_lost(trial)) continue;
      ++count;
      int losses = 0;
      sql << "SELECT losses + 1 FROM trial WHERE id = :i", into(losses), use(trial.id);
      sql << "UPDATE trial SET state = 'queued', losses = :l, lease_until = 0 WHERE id = :i", use(losses),
          use(trial.id);
      if (losses >= kLossesThatFail) {
        trial::Trial failed = trial;
        failed.reason = lost_reason(losses);
        const std::string body = trial::trial_body(failed);
        sql << "UPDATE trial SET state = 'failed', body = :b, unseen = 1 WHERE id = :i", use(body), use(trial.id);
      }
      for (const trial::Event& event : lost_events(trial.id, losses)) insert_event(sql, event);
    }
    return count;
  });
}

}  // namespace gensynth::store::sqlite
