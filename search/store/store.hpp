#pragma once

#include "search/store/coordinator_store.hpp"
#include "search/store/run_reader.hpp"
#include "search/store/search_state.hpp"
#include "search/store/trial_queue.hpp"

namespace gensynth::store {

/// The truth of a run in all its roles; code takes the role it needs. One handle belongs to one thread of one process
/// and is opened after a fork; handles on the same run see each other's changes. search/run/ opens stores. Every
/// implementation passes the suites of tests/search/store/conformance.hpp.
class Store : public TrialQueue, public CoordinatorStore, public RunReader, public SearchState {};

}  // namespace gensynth::store
