#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "architecture/base/error.hpp"
#include "search/store/memory/memory_store.hpp"
#include "search/store/trial_events.hpp"

namespace gensynth::store::memory {

/// The data that all handles on one memory store share. Every member needs the mutex.
struct MemoryStore::Contents {
  struct Row {
    trial::Trial trial;
    int losses = 0;
    bool unseen = false;  // it ended, and the coordinator does not know yet
  };

  std::mutex mutex;
  std::map<std::int64_t, Row> rows;  // by id
  std::vector<std::int64_t> observed;
  std::vector<trial::Event> events;
  std::map<std::string, std::string> values;

  void log(trial::Event event);
  /// The row that `trial` still owns, or null.
  Row* owned(const trial::Trial& trial);
  /// Requeues or fails the running trials that are lost; returns how many are.
  int lose(const std::function<bool(const trial::Trial&)>& is_lost);
};

inline void sort_by_ordinal(std::vector<trial::Trial>& trials) {
  std::sort(trials.begin(), trials.end(),
            [](const trial::Trial& a, const trial::Trial& b) { return a.ordinal < b.ordinal; });
}

template <typename Body>
auto MemoryStore::reading(Body body) const {
  const std::lock_guard lock(contents_->mutex);
  return body(std::as_const(*contents_));
}

template <typename Body>
auto MemoryStore::writing(Body body) {
  if (read_only_) throw Error("memory store: it was opened for reading", ErrorKind::internal);
  const std::lock_guard lock(contents_->mutex);
  return body(*contents_);
}

}  // namespace gensynth::store::memory
