#pragma once

#include <memory>

#include "search/store/store.hpp"

namespace gensynth::store::memory {

/// A store in memory, for tests. Unlike other stores, one handle may be used by several threads at once; the trials
/// live as long as any handle on them.
class MemoryStore final : public Store {
 public:
  MemoryStore();
  ~MemoryStore() override;
  /// A second handle on the same trials, as another process would open it.
  std::unique_ptr<MemoryStore> open(bool read_only = false) const;

  std::optional<trial::Trial> claim(const std::string& worker, double lease_seconds) override;
  bool heartbeat(const trial::Trial& trial, double lease_seconds) override;
  bool report_rung(const trial::Trial& trial, const trial::Rung& rung) override;
  bool finish(const trial::Trial& trial) override;
  bool release(const trial::Trial& trial, const std::string& reason) override;
  bool lose(const trial::Trial& trial, const std::string& reason) override;

  void add(const std::vector<trial::Trial>& trials, const std::map<std::string, std::string>& values,
           const std::vector<std::int64_t>& observed = {}) override;
  void record(trial::EventKind kind, const std::string& reason,
              const std::map<std::string, std::string>& values = {}) override;
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
  std::vector<trial::Event> events(std::int64_t trial = 0) const override;
  std::vector<DamagedRecord> damaged() const override { return {}; }

  std::optional<std::string> value(const std::string& name) const override;
  void set_values(const std::map<std::string, std::string>& values) override;

 private:
  struct Contents;
  std::shared_ptr<Contents> contents_;
  bool read_only_ = false;

  template <typename Body>
  auto reading(Body body) const;
  template <typename Body>
  auto writing(Body body);
};

}  // namespace gensynth::store::memory
