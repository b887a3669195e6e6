#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "search/store/sqlite/sql_session.hpp"
#include "search/store/store.hpp"

namespace gensynth::store::sqlite {

/// A run in one SQLite file. Writers of several processes wait for each other for up to 20 s, then get an Error;
/// readers never wait (write-ahead log).
class SqlStore final : public Store {
 public:
  SqlStore(std::string path, SqlSession::Mode mode) : session_(std::move(path), mode) {}

  std::optional<trial::Trial> claim(const std::string& worker, double lease_seconds) override;
  bool heartbeat(const trial::Trial& trial, double lease_seconds) override;
  bool report_rung(const trial::Trial& trial, const trial::Rung& rung) override;
  bool finish(const trial::Trial& trial) override;
  bool release(const trial::Trial& trial, const std::string& reason) override;
  bool lose(const trial::Trial& trial, const std::string& reason) override;

  void add(const std::vector<trial::Trial>& trials, const std::map<std::string, std::string>& values,
           const std::vector<std::int64_t>& observed) override;
  void record(trial::EventKind kind, const std::string& reason,
              const std::map<std::string, std::string>& values) override;
  std::vector<trial::Trial> take_unseen() override;
  std::vector<std::string> requeue_expired() override;
  int requeue_orphans(const std::string& worker) override;

  std::optional<trial::Trial> get(std::int64_t id) const override;
  std::vector<trial::Trial> list(std::optional<trial::TrialState> state = {}) const override;
  void each_evaluated(const Visitor& visit) const override;
  void each_observed(const Visitor& visit) const override;
  std::vector<std::int64_t> find_by_hash(const std::string& hash) const override;
  std::int64_t last_trial() const override;
  trial::StateCounts counts() const override;
  std::map<std::string, Rejects> rejects() const override;
  std::vector<trial::Event> events(std::int64_t trial) const override;
  std::vector<DamagedRecord> damaged() const override;

  std::optional<std::string> value(const std::string& name) const override;
  void set_values(const std::map<std::string, std::string>& values) override;

 private:
  /// The trials that meet `condition`, which is the text after FROM trial of a query; notes the damaged ones. Throws
  /// SOCI's errors.
  std::vector<trial::Trial> rows(const std::string& condition) const;
  std::optional<trial::Trial> first_queued() const;
  /// Requeues or fails the running trials that are lost; returns their workers.
  std::vector<std::string> lose_all(const std::function<bool(const trial::Trial&)>& is_lost);

  void note(DamagedRecord&& record) const { damaged_.emplace(std::move(record.message), record.trial); }
  std::function<void(DamagedRecord&&)> note_damage() const {
    return [this](DamagedRecord&& record) { note(std::move(record)); };
  }

  SqlSession session_;
  mutable std::map<std::string, std::int64_t> damaged_;  ///< trials by message
};

/// For search/run/ and tests only: others open a Run. A store that exists has these values, whenever this process is
/// killed. Throws Error when the file exists.
std::unique_ptr<Store> create_store(const std::string& path, const std::map<std::string, std::string>& values = {});
/// Throws Error for a file that is no run's database or has another schema version. For reading, the file and its
/// folder need not be writable.
std::unique_ptr<Store> open_store(const std::string& path, bool read_only = false);

}  // namespace gensynth::store::sqlite
