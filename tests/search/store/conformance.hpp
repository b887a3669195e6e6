// The contract of every store (search/store/*.hpp), as typed test suites over `Kinds`. A new store adds its kind and
// passes the suites of this folder: trial_queue, coordinator_store, run_reader and concurrency.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "architecture/base/temporary_folder.hpp"
#include "search/store/memory/memory_store.hpp"
#include "search/store/sqlite/sql_store.hpp"
#include "tests/search/store/store_fixture.hpp"

namespace gensynth::store {

/// One run of a kind of store, and as many handles on it as a test needs. `kManyTrials` keep several threads busy long
/// enough that they run at the same time.
class SqliteRun {
 public:
  static constexpr int kManyTrials = 120;
  SqliteRun() { (void)sqlite::create_store(path_); }
  std::unique_ptr<Store> open(bool read_only = false) const { return sqlite::open_store(path_, read_only); }

 private:
  TemporaryFolder folder_{"store"};
  std::string path_ = folder_.file("run.db");
};

class MemoryRun {
 public:
  static constexpr int kManyTrials = 3000;
  std::unique_ptr<Store> open(bool read_only = false) const { return store_.open(read_only); }

 private:
  memory::MemoryStore store_;
};

template <typename Kind>
class StoreConformance : public ::testing::Test {
 protected:
  std::vector<std::int64_t> ids(const std::vector<trial::Trial>& trials) const {
    std::vector<std::int64_t> result;
    for (const trial::Trial& trial : trials) result.push_back(trial.id);
    return result;
  }
  std::vector<std::string> event_names(std::int64_t trial) const {
    std::vector<std::string> result;
    for (const trial::Event& event : store->events(trial)) result.push_back(to_string(event.kind));
    return result;
  }
  std::vector<std::int64_t> evaluated() const {
    std::vector<std::int64_t> result;
    store->each_evaluated([&](trial::Trial&& trial) { result.push_back(trial.id); });
    return result;
  }
  std::vector<std::int64_t> observed() const {
    std::vector<std::int64_t> result;
    store->each_observed([&](trial::Trial&& trial) { result.push_back(trial.id); });
    return result;
  }
  void add_queued(std::int64_t first, std::int64_t last) {
    std::vector<trial::Trial> trials;
    for (std::int64_t id = first; id <= last; ++id) trials.push_back(queued_trial(id));
    store->add(trials, {});
  }
  /// Claims and ends one trial.
  void score(double u) {
    trial::Trial trial = *store->claim("w", 30);
    trial.state = trial::TrialState::scored;
    trial.u = u;
    ASSERT_TRUE(store->finish(trial));
  }

  Kind run;
  std::unique_ptr<Store> store = run.open();
};

using Kinds = ::testing::Types<SqliteRun, MemoryRun>;
class KindName {
 public:
  template <typename Kind>
  static std::string GetName(int) {
    return std::is_same_v<Kind, SqliteRun> ? "Sqlite" : "Memory";
  }
};

}  // namespace gensynth::store
