#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "architecture/base/error.hpp"
#include "search/store/sqlite/sql_rows.hpp"
#include "search/store/store.hpp"
#include "search/trial/trial_record.hpp"

namespace gensynth::store::sqlite {
namespace {

using nlohmann::json;
using soci::into;
using soci::use;

/// A trial lost so often is taken to kill its workers.
constexpr int kLossesThatFail = 3;

class SqlStore final : public Store {
 public:
  SqlStore(std::string path, bool fresh, bool read_only) : path_(std::move(path)) {
    guarded([&] {
      sql_.open(soci::sqlite3, "dbname=\"" + path_ + "\" timeout=20");
      if (fresh) {
        transaction([&] { create_tables(sql_); });
      } else if (!read_only) {
        sql_ << "PRAGMA journal_mode=WAL";
        sql_ << "PRAGMA synchronous=FULL";
      } else {
        sql_ << "PRAGMA query_only=1";
      }
    });
    std::optional<std::string> schema;
    try {
      schema = value("schema");
    } catch (const Error&) {
      throw Error(path_ + ": this is not a gensynth run database");
    }
    if (schema != kSchemaVersion) {
      throw Error(path_ + ": database schema version " + schema.value_or("(none)") + ", expected " + kSchemaVersion);
    }
  }

  void add(const std::vector<trial::Trial>& trials, const std::map<std::string, std::string>& values,
           const std::vector<std::int64_t>& observed) override {
    guarded([&] {
      transaction([&] {
        for (const trial::Trial& trial : trials) {
          insert_trial(sql_, trial);
          event(trial.id, "proposed", trial.stage, "proposed", to_string(trial.state), trial.reason);
        }
        mark_observed(sql_, observed);
        for (const auto& [name, content] : values) put_value(sql_, name, content);
      });
    });
  }

  int reap(double now, const std::string& worker) override {
    int reaped = 0;
    guarded([&] {
      transaction([&] {
        std::vector<std::pair<std::int64_t, int>> lost;
        std::int64_t id = 0;
        int losses = 0;
        soci::statement find =
            (sql_.prepare << "SELECT id, losses FROM trial WHERE state = 'running' AND lease_until < :now"
                             " AND (:any = '' OR worker = :worker)",
             into(id), into(losses), use(now), use(worker), use(worker));
        find.execute();
        while (find.fetch()) lost.emplace_back(id, losses + 1);
        for (const auto& [trial, times] : lost) {
          const bool fail = times >= kLossesThatFail;
          const std::string state = fail ? "failed" : "queued";
          sql_ << "UPDATE trial SET state = :s, losses = :l, lease_until = 0 WHERE id = :i", use(state), use(times),
              use(trial);
          event(trial, "lost", "", "running", "lost", "the worker was lost, or its lease ran out");
          if (fail) {
            std::string body;
            sql_ << "SELECT body FROM trial WHERE id = :i", into(body), use(trial);
            json content = json::parse(body);
            content["reason"] = "lost " + std::to_string(times) + " times: its workers died";
            body = content.dump();
            sql_ << "UPDATE trial SET body = :b WHERE id = :i", use(body), use(trial);
          }
          event(trial, fail ? "finished" : "requeued", "", "lost", state, fail ? "lost too often" : "");
        }
        reaped = static_cast<int>(lost.size());
      });
    });
    return reaped;
  }

  std::optional<trial::Trial> claim(const std::string& worker, double lease_seconds) override {
    std::optional<trial::Trial> claimed;
    guarded([&] {
      transaction([&] {
        claimed = one("WHERE state = 'queued' ORDER BY id LIMIT 1");
        if (!claimed) return;
        claimed->state = trial::TrialState::running;
        claimed->attempt += 1;
        claimed->worker = worker;
        claimed->lease_until = now_seconds() + lease_seconds;
        sql_ << "UPDATE trial SET state = 'running', attempt = :a, worker = :w, lease_until = :l WHERE id = :i",
            use(claimed->attempt), use(worker), use(claimed->lease_until), use(claimed->id);
        event(claimed->id, "claimed", "", "queued", "running",
              "attempt " + std::to_string(claimed->attempt) + " by " + worker);
      });
    });
    return claimed;
  }

  bool heartbeat(const trial::Trial& trial, double lease_seconds) override {
    const double until = now_seconds() + lease_seconds;
    return fenced(trial, [&](const std::string& where) {
      soci::statement update = (sql_.prepare << "UPDATE trial SET lease_until = :l " + where, use(until), use(trial.id),
                                use(trial.attempt), use(trial.worker));
      update.execute(true);
      return update.get_affected_rows() == 1;
    });
  }

  bool report_rung(const trial::Trial& trial, const trial::Rung& rung) override {
    const std::string body = trial::trial_body(trial);
    return fenced(trial, [&](const std::string& where) {
      soci::statement update = (sql_.prepare << "UPDATE trial SET body = :b " + where, use(body), use(trial.id),
                                use(trial.attempt), use(trial.worker));
      update.execute(true);
      if (update.get_affected_rows() != 1) return false;
      event(trial.id, "rung", "proxy", "running", "running", to_json(rung).dump());
      return true;
    });
  }

  bool finish(const trial::Trial& trial) override {
    const std::string body = trial::trial_body(trial);
    const std::string state = to_string(trial.state);
    const double violation = rejecting_violation(trial);
    return fenced(trial, [&](const std::string& where) {
      soci::statement update =
          (sql_.prepare << "UPDATE trial SET state = :s, body = :b, rule = :r, stage = :g, violation = :v,"
                           " core_seconds = core_seconds + :c, lease_until = 0 " +
                               where,
           use(state), use(body), use(trial.rule), use(trial.stage), use(violation), use(trial.core_seconds),
           use(trial.id), use(trial.attempt), use(trial.worker));
      update.execute(true);
      if (update.get_affected_rows() != 1) return false;
      event(trial.id, "finished", trial.stage, "running", state, trial.reason);
      return true;
    });
  }

  bool release(const trial::Trial& trial, const std::string& reason) override {
    return fenced(trial, [&](const std::string& where) {
      soci::statement update = (sql_.prepare << "UPDATE trial SET state = 'queued', lease_until = 0 " + where,
                                use(trial.id), use(trial.attempt), use(trial.worker));
      update.execute(true);
      if (update.get_affected_rows() != 1) return false;
      event(trial.id, "preempted", "", "running", "preempted", reason);
      event(trial.id, "requeued", "", "preempted", "queued", "");
      return true;
    });
  }

  std::optional<trial::Trial> get(std::int64_t id) const override {
    std::optional<trial::Trial> found;
    guarded([&] { found = one("WHERE id = " + std::to_string(id)); });
    return found;
  }

  std::vector<trial::Trial> list(const std::string& state) const override {
    if (!state.empty()) (void)trial::trial_state_from_string(state);
    return all((state.empty() ? "" : "WHERE state = '" + state + "' ") + std::string("ORDER BY id"));
  }

  void each_evaluated(const Visitor& visit) const override {
    each("WHERE ordinal > 0 AND state <> 'queued' AND state <> 'running' ORDER BY ordinal", visit);
  }

  void each_observed(const Visitor& visit) const override { each("WHERE observed > 0 ORDER BY observed", visit); }

  std::map<std::string, std::int64_t> counts() const override {
    std::map<std::string, std::int64_t> result;
    guarded([&] {
      std::string state;
      long long count = 0;
      soci::statement find =
          (sql_.prepare << "SELECT state, COUNT(*) FROM trial GROUP BY state", into(state), into(count));
      find.execute();
      while (find.fetch()) result[state] = count;
    });
    return result;
  }

  std::map<std::string, Rejects> rejects() const override {
    std::map<std::string, Rejects> result;
    guarded([&] {
      std::string rule;
      Rejects entry;
      long long count = 0;
      soci::statement find =
          (sql_.prepare << "SELECT rule, MAX(stage), COUNT(*), SUM(core_seconds), MIN(violation) FROM trial"
                           " WHERE state = 'rejected' GROUP BY rule",
           into(rule), into(entry.stage), into(count), into(entry.core_seconds), into(entry.closest));
      find.execute();
      while (find.fetch()) {
        entry.count = count;
        result[rule] = entry;
      }
    });
    return result;
  }

  std::vector<trial::Event> events(std::int64_t after_seq, std::int64_t trial) const override {
    std::vector<trial::Event> result;
    guarded([&] {
      trial::Event e;
      long long seq = 0;
      long long id = 0;
      soci::statement find =
          (sql_.prepare << "SELECT seq, time, trial, event, stage, from_state, to_state, reason FROM event WHERE"
                           " seq > :after AND (:any = 0 OR trial = :trial) ORDER BY seq",
           into(seq), into(e.time), into(id), into(e.event), into(e.stage), into(e.from), into(e.to), into(e.reason),
           use(after_seq), use(trial), use(trial));
      find.execute();
      while (find.fetch()) {
        e.seq = seq;
        e.trial = id;
        result.push_back(e);
      }
    });
    return result;
  }

  std::optional<std::string> value(const std::string& name) const override {
    std::optional<std::string> result;
    guarded([&] { result = read_value(sql_, name); });
    return result;
  }

  std::vector<std::int64_t> with_hash(const std::string& hash) const override {
    std::vector<std::int64_t> result;
    guarded([&] {
      long long id = 0;
      soci::statement find =
          (sql_.prepare << "SELECT id FROM trial WHERE hash = :h AND state <> 'duplicate' ORDER BY id", into(id),
           use(hash));
      find.execute();
      while (find.fetch()) result.push_back(id);
    });
    return result;
  }

  std::int64_t last_trial() const override {
    long long last = 0;
    guarded([&] { sql_ << "SELECT COALESCE(MAX(id), 0) FROM trial", into(last); });
    return last;
  }

  std::int64_t last_event() const override {
    long long last = 0;
    guarded([&] { sql_ << "SELECT COALESCE(MAX(seq), 0) FROM event", into(last); });
    return last;
  }

 private:
  template <typename Body>
  void guarded(Body body) const {
    try {
      body();
    } catch (const soci::soci_error& error) {
      throw Error(path_ + ": " + error.what());
    }
  }

  /// SQLite upgrades a deferred transaction's lock too late for several writers: always BEGIN IMMEDIATE.
  template <typename Body>
  void transaction(Body body) {
    sql_ << "BEGIN IMMEDIATE";
    try {
      body();
      sql_ << "COMMIT";
    } catch (...) {
      try {
        sql_ << "ROLLBACK";
      } catch (const soci::soci_error&) {  // the first error says more
      }
      throw;
    }
  }

  template <typename Body>
  bool fenced(const trial::Trial&, Body body) {
    bool done = false;
    guarded([&] {
      transaction(
          [&] { done = body(std::string("WHERE id = :i AND attempt = :a AND worker = :w AND state = 'running'")); });
    });
    return done;
  }

  void event(std::int64_t trial, const std::string& name, const std::string& stage, const std::string& from,
             const std::string& to, const std::string& reason) {
    insert_event(sql_, {0, now_seconds(), trial, name, stage, from, to, reason});
  }

  void each(const std::string& condition, const Visitor& visit) const {
    guarded([&] { read_trials(sql_, condition, path_, visit); });
  }

  std::vector<trial::Trial> all(const std::string& condition) const {
    std::vector<trial::Trial> result;
    each(condition, [&](trial::Trial&& trial) { result.push_back(std::move(trial)); });
    return result;
  }

  std::optional<trial::Trial> one(const std::string& condition) const {
    std::vector<trial::Trial> found = all(condition);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
  }

  std::string path_;
  mutable soci::session sql_;
};

std::string path_of(const std::string& url) {
  const std::string prefix = "sqlite3://";
  if (url.rfind(prefix, 0) == 0) return url.substr(prefix.size());
  if (const auto scheme = url.find("://"); scheme != std::string::npos) {
    throw Error("store '" + url + "': unknown kind '" + url.substr(0, scheme) + "'; expected sqlite3://FILE or a path");
  }
  return url;
}

}  // namespace

}  // namespace gensynth::store::sqlite

namespace gensynth::store {

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::unique_ptr<Store> Store::create(const std::string& url) {
  const std::string path = sqlite::path_of(url);
  if (std::filesystem::exists(path)) throw Error(path + ": a run exists here already (go on with it by --resume)");
  // Made under another name first: a database in place is a whole one, whenever this process is killed.
  const std::string unfinished = path + ".new";
  std::filesystem::remove(unfinished);
  std::filesystem::remove(unfinished + "-journal");
  (void)sqlite::SqlStore(unfinished, true, false);
  std::filesystem::rename(unfinished, path);
  return std::make_unique<sqlite::SqlStore>(path, false, false);
}

std::unique_ptr<Store> Store::open(const std::string& url, bool read_only) {
  const std::string path = sqlite::path_of(url);
  if (!std::filesystem::is_regular_file(path)) throw Error(path + ": no run database here");
  return std::make_unique<sqlite::SqlStore>(path, false, read_only);
}

}  // namespace gensynth::store
