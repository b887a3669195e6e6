#pragma once

#include <memory>

#include "constraints/registry/registry.hpp"
#include "generator/space/search_space.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"
#include "search/job/job.hpp"

namespace gensynth::run {

/// The parts of a search that follow from its job: space, constraints and models. A plugin's constraint judges in a
/// process of its own; where it fails, the network is infeasible (constraints/plugin/failing_rule.hpp). Thread-safe;
/// does not refer to the job. To be made before the process has other threads, because plugins fork.
struct SearchContext {
  /// `plugins`: `leave` for a run that is only read; the context then has no constraints of plugins.
  explicit SearchContext(const job::Job& job, registry::Plugins plugins = registry::Plugins::load);
  SearchContext(const SearchContext&) = delete;
  SearchContext& operator=(const SearchContext&) = delete;

  std::unique_ptr<space::SearchSpace> space;
  constraints::ConstraintSet constraints;  ///< in the job's order, those of plugins last
  latency::LatencyModel latency;
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor;  ///< with the constraints that need no training
  assessment::UniversalPerformance performance;
};

}  // namespace gensynth::run
