#include "search/store/sqlite/sql_rows.hpp"

#include <utility>

#include "architecture/base/error.hpp"
#include "search/store/trial_events.hpp"
#include "search/store/trial_queue.hpp"
#include "search/trial/trial_record.hpp"

namespace gensynth::store::sqlite {
namespace {

using soci::into;
using soci::use;

constexpr const char* kTables[] = {
    "CREATE TABLE value (name TEXT PRIMARY KEY, content TEXT NOT NULL)",
    "CREATE TABLE trial (id BIGINT PRIMARY KEY, ordinal BIGINT NOT NULL, state TEXT NOT NULL, attempt BIGINT NOT NULL,"
    " losses BIGINT NOT NULL, hash TEXT NOT NULL, rule TEXT NOT NULL, stage TEXT NOT NULL, violation DOUBLE PRECISION"
    " NOT NULL, core_seconds DOUBLE PRECISION NOT NULL, worker TEXT NOT NULL, lease_until DOUBLE PRECISION NOT NULL,"
    " observed BIGINT NOT NULL, unseen INTEGER NOT NULL, body TEXT NOT NULL)",
    "CREATE INDEX trial_state ON trial (state, id)",
    "CREATE INDEX trial_hash ON trial (hash)",
    "CREATE INDEX trial_ordinal ON trial (ordinal)",
    "CREATE INDEX trial_observed ON trial (observed)",
    "CREATE INDEX trial_unseen ON trial (ordinal) WHERE unseen = 1",
    "CREATE TABLE event (seq INTEGER PRIMARY KEY AUTOINCREMENT, time DOUBLE PRECISION NOT NULL, trial BIGINT NOT NULL,"
    " event TEXT NOT NULL, stage TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, reason TEXT NOT "
    "NULL)",
    "CREATE INDEX event_trial ON event (trial, seq)"};

}  // namespace

void create_tables(soci::session& sql) {
  for (const char* statement : kTables) sql << statement;
  put_value(sql, "schema", kSchemaVersion);
}

void insert_trial(soci::session& sql, const trial::Trial& trial) {
  const std::string state = to_string(trial.state);
  const std::string stage = to_string(trial.stage);
  const std::string body = trial::trial_body(trial);
  const double violation = rejecting_violation(trial);
  sql << "INSERT INTO trial (id, ordinal, state, attempt, losses, hash, rule, stage, violation, core_seconds,"
         " worker, lease_until, observed, unseen, body) VALUES (:id, :ordinal, :state, :attempt, 0, :hash, :rule, "
         ":stage,"
         " :violation, :seconds, '', 0, 0, 0, :body)",
      use(trial.id), use(trial.ordinal), use(state), use(trial.attempt), use(trial.hash), use(trial.rule), use(stage),
      use(violation), use(trial.core_seconds), use(body);
}

void mark_observed(soci::session& sql, const std::vector<std::int64_t>& trials, const std::string& source) {
  if (trials.empty()) return;
  long long place = 0;
  sql << "SELECT COALESCE(MAX(observed), 0) FROM trial", into(place);
  for (const std::int64_t id : trials) {
    ++place;
    soci::statement mark =
        (sql.prepare << "UPDATE trial SET observed = :o WHERE id = :i AND observed = 0", use(place), use(id));
    mark.execute(true);
    if (mark.get_affected_rows() == 1) continue;
    throw Error(source + ": observed trial " + std::to_string(id) + " does not exist or was observed before",
                ErrorKind::internal);
  }
}

void lose_running(soci::session& sql, const trial::Trial& trial, double core_seconds, const std::string& reason) {
  int losses = 0;
  sql << "SELECT losses + 1 FROM trial WHERE id = :i", into(losses), use(trial.id);
  sql << "UPDATE trial SET state = 'queued', losses = :l, core_seconds = core_seconds + :c, lease_until = 0"
         " WHERE id = :i",
      use(losses), use(core_seconds), use(trial.id);
  if (losses >= kLossesThatFail) {
    trial::Trial failed = trial;
    failed.reason = lost_reason(losses, reason);
    const std::string body = trial::trial_body(failed);
    sql << "UPDATE trial SET state = 'failed', body = :b, unseen = 1 WHERE id = :i", use(body), use(trial.id);
  }
  for (const trial::Event& event : lost_events(trial.id, losses, reason)) insert_event(sql, event);
}

void insert_event(soci::session& sql, const trial::Event& event) {
  const std::string kind = to_string(event.kind);
  const std::string stage = to_string(event.stage);
  sql << "INSERT INTO event (time, trial, event, stage, from_state, to_state, reason) VALUES (:t, :i, :e, :g, :f,"
         " :o, :r)",
      use(event.time), use(event.trial), use(kind), use(stage), use(event.from), use(event.to), use(event.reason);
}

void put_value(soci::session& sql, const std::string& name, const std::string& content) {
  sql << "DELETE FROM value WHERE name = :n", use(name);
  sql << "INSERT INTO value (name, content) VALUES (:n, :c)", use(name), use(content);
}

std::optional<std::string> read_value(soci::session& sql, const std::string& name) {
  std::string content;
  sql << "SELECT content FROM value WHERE name = :n", into(content), use(name);
  return sql.got_data() ? std::optional(std::move(content)) : std::nullopt;
}

}  // namespace gensynth::store::sqlite
