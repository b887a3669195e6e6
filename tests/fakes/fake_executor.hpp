#pragma once

#include <functional>
#include <string>
#include <vector>

#include "search/executor/executor.hpp"
#include "search/store/store.hpp"

namespace gensynth::testing {

/// An executor whose workers are scripted by the test. Each call of `poll` runs `on_poll`, which may claim and finish
/// trials of `store` and returns the names of workers that died.
class FakeExecutor final : public executor::Executor {
 public:
  using OnPoll = std::function<std::vector<std::string>()>;
  FakeExecutor(int workers, OnPoll on_poll) : workers_(workers), on_poll_(std::move(on_poll)) {}

  void start() override { ++starts; }
  std::vector<std::string> poll() override {
    ++polls;
    return on_poll_();
  }
  void stop() override { ++stops; }
  int workers() const override { return workers_; }
  bool is_own_worker(const std::string& name) const override { return name.starts_with("fake-"); }

  int starts = 0;
  int polls = 0;
  int stops = 0;

 private:
  int workers_;
  OnPoll on_poll_;
};

/// Claims one queued trial and ends it as scored with this U. False when nothing is queued.
inline bool score_one(store::Store& store, const std::string& worker, double u) {
  std::optional<trial::Trial> trial = store.claim(worker, 60);
  if (!trial) return false;
  trial->state = trial::TrialState::scored;
  trial->feasible = true;
  trial->u = u;
  return store.finish(*trial);
}

}  // namespace gensynth::testing
