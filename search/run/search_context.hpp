#pragma once

#include <memory>

#include "constraints/registry.hpp"
#include "generator/space/search_space.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"
#include "search/job/job.hpp"

namespace gensynth::run {

/// The space, constraints and models that a job describes. Plugins are kept apart from the built-in constraints,
/// because they run in workers: a crash of a plugin costs one trial. Thread-safe; does not refer to the job.
struct SearchContext {
  explicit SearchContext(const job::Job& job);
  SearchContext(const SearchContext&) = delete;
  SearchContext& operator=(const SearchContext&) = delete;

  std::unique_ptr<space::SearchSpace> space;
  constraints::ConstraintSet built_in;
  constraints::ConstraintSet plugins;
  latency::LatencyModel latency;
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor;  ///< with the built-in constraints
  assessment::UniversalPerformance performance;
};

}  // namespace gensynth::run
