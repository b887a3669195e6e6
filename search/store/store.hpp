#pragma once

#include <memory>
#include <string>

#include "search/store/coordinator_store.hpp"
#include "search/store/run_reader.hpp"
#include "search/store/search_state.hpp"
#include "search/store/trial_queue.hpp"

namespace gensynth::store {

/// The truth of a run in all its roles; code takes the role it needs. One handle belongs to one thread of one process
/// and is opened after a fork; handles on the same run see each other's changes. Every implementation passes
/// tests/search/store/conformance_test.cpp.
class Store : public TrialQueue, public CoordinatorStore, public RunReader, public SearchState {
 public:
  /// "sqlite3://FILE" or a path. Throws Error when the run exists already.
  static std::unique_ptr<Store> create(const std::string& url);
  static std::unique_ptr<Store> open(const std::string& url, bool read_only = false);
};

}  // namespace gensynth::store
