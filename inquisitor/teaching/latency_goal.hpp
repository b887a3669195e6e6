#pragma once

#include <compare>
#include <functional>
#include <optional>

#include "generator/distribution/generator.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"

namespace gensynth::teaching {

/// Largest relative deviation of a predicted latency from the requested one that counts as meeting it.
constexpr double kLatencyTolerance = 0.10;

/// |predicted latency / requested latency - 1|; 0 when the condition requests no latency. `assessment` must contain the
/// latency.
double relative_latency_error(const assessment::Assessment& assessment, const distribution::Condition& condition);

/// The value of a candidate that meets constraints and condition, for example its predicted U; higher is better. Must
/// be thread-safe.
using Utility = std::function<double(const space::Genotype&, const assessment::Assessment&)>;

/// Range of the predicted latencies of some candidates; empty without candidates.
struct LatencyRange {
  std::optional<double> min_ms;
  std::optional<double> max_ms;
  void add(double latency_ms);
  void add(const LatencyRange& other);
};

/// How close a candidate is to a goal; greater is better.
struct GoalScore {
  enum class Level { infeasible, feasible, on_target };
  Level level = Level::infeasible;
  /// Infeasible: minus the distance to feasible. Feasible: minus the octaves between predicted and requested latency.
  /// On target: the utility.
  double value = 0;
  auto operator<=>(const GoalScore&) const = default;
};

/// Networks that meet every hard constraint and a requested latency, and have a high utility among those. The members
/// referred to must outlive it. Thread-safe.
struct LatencyGoal {
  const space::SearchSpace& space;
  const assessment::StructuralAssessor& assessor;
  distribution::Condition condition;
  Utility utility = nullptr;  ///< null: all candidates on target are equal

  /// `latencies` receives the predicted latency of a candidate that meets the constraints.
  GoalScore score(const space::Genotype& genotype, LatencyRange* latencies = nullptr) const;
};

}  // namespace gensynth::teaching
