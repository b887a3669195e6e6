#include <algorithm>

#include "search/store/sqlite/sql_records.hpp"
#include "search/store/sqlite/sql_rows.hpp"
#include "search/store/sqlite/sql_store.hpp"

namespace gensynth::store::sqlite {

using soci::into;
using soci::use;

std::optional<trial::Trial> SqlStore::get(std::int64_t id) const {
  std::vector<trial::Trial> found = session_.guarded([&] { return rows("WHERE id = " + std::to_string(id)); });
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<trial::Trial> SqlStore::list(std::optional<trial::TrialState> state) const {
  const std::string condition = state ? std::string("WHERE state = '") + to_string(*state) + "' " : "";
  return session_.guarded([&] { return rows(condition + "ORDER BY id"); });
}

void SqlStore::each_evaluated(const Visitor& visit) const {
  session_.guarded([&] {
    read_trials(session_.sql(), "WHERE ordinal > 0 AND state <> 'queued' AND state <> 'running' ORDER BY ordinal",
                session_.path(), visit, note_damage());
  });
}

void SqlStore::each_observed(const Visitor& visit) const {
  session_.guarded([&] {
    read_trials(session_.sql(), "WHERE observed > 0 ORDER BY observed", session_.path(), visit, note_damage());
  });
}

std::vector<std::int64_t> SqlStore::find_by_hash(const std::string& hash) const {
  return session_.guarded([&] {
    std::vector<std::int64_t> result;
    long long id = 0;
    soci::statement find =
        (session_.sql().prepare << "SELECT id FROM trial WHERE hash = :h AND state <> 'duplicate' ORDER BY id",
         into(id), use(hash));
    find.execute();
    while (find.fetch()) result.push_back(id);
    return result;
  });
}

std::int64_t SqlStore::last_trial() const {
  return session_.guarded([&] {
    long long last = 0;
    session_.sql() << "SELECT COALESCE(MAX(id), 0) FROM trial", into(last);
    return static_cast<std::int64_t>(last);
  });
}

trial::StateCounts SqlStore::counts() const {
  return session_.guarded([&] {
    trial::StateCounts result;
    std::string state;
    long long count = 0;
    soci::statement find =
        (session_.sql().prepare << "SELECT state, COUNT(*) FROM trial WHERE " + trial_is_sound() + " GROUP BY state",
         into(state), into(count));
    find.execute();
    while (find.fetch()) result[trial::trial_state_from_string(state)] = count;
    return result;
  });
}

std::map<std::string, Rejects> SqlStore::rejects() const {
  return session_.guarded([&] {
    std::map<std::string, Rejects> result;
    std::string rule;
    std::string stage;
    Rejects entry;
    long long count = 0;
    soci::statement find =
        (session_.sql().prepare << "SELECT rule, MAX(stage), COUNT(*), SUM(core_seconds), MIN(violation) FROM trial"
                                   " WHERE state = 'rejected' AND " +
                                       trial_is_sound() + " GROUP BY rule",
         into(rule), into(stage), into(count), into(entry.core_seconds), into(entry.closest));
    find.execute();
    while (find.fetch()) {
      entry.stage = stage_from_string(stage);
      entry.count = count;
      result[rule] = entry;
    }
    return result;
  });
}

std::vector<trial::Event> SqlStore::events(std::int64_t trial) const {
  return session_.guarded([&] {
    std::vector<trial::Event> result;
    read_events(
        session_.sql(), (trial == 0 ? "" : "WHERE trial = " + std::to_string(trial)) + " ORDER BY seq", session_.path(),
        [&](trial::Event&& event) { result.push_back(std::move(event)); }, note_damage());
    return result;
  });
}

std::vector<DamagedRecord> SqlStore::damaged() const {
  for (DamagedRecord& record : session_.guarded([&] { return damaged_trials(session_.sql(), session_.path()); })) {
    note(std::move(record));
  }
  std::vector<DamagedRecord> result;
  for (const auto& [message, trial] : damaged_) result.push_back({trial, message});
  std::stable_sort(result.begin(), result.end(),
                   [](const DamagedRecord& a, const DamagedRecord& b) { return a.trial < b.trial; });
  return result;
}

}  // namespace gensynth::store::sqlite
