#pragma once

#include <compare>
#include <functional>
#include <optional>

#include "generator/distribution/generator.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"

namespace gensynth::teaching {

/// How near a predicted latency must come to the one that was asked for.
constexpr double kLatencyTolerance = 0.10;

/// |predicted latency / asked - 1|; 0 when the condition asks for no latency. `assessment` must know the latency.
double latency_miss(const assessment::Assessment& assessment, const distribution::Condition& condition);

/// What a candidate that meets everything is worth to the one who asks: higher is better. Called side by side.
using Worth = std::function<double(const space::Genotype&, const assessment::Assessment&)>;

/// The predicted latencies of some candidates; nothing of none.
struct LatencyRange {
  std::optional<double> least_ms;
  std::optional<double> greatest_ms;
  void add(double latency_ms);
  void add(const LatencyRange& other);
};

/// How far a candidate came on the way to a goal; greater is better.
struct Standing {
  enum class Level { infeasible, feasible, near };
  Level level = Level::infeasible;
  double value = 0;  ///< minus the violation, minus the octaves from what is asked, or the worth
  auto operator<=>(const Standing&) const = default;
};

/// Networks that meet every hard constraint and a latency that is asked for; among these, of high worth. What it
/// refers to must outlive it. Thread-safe.
struct LatencyGoal {
  const space::SearchSpace& space;
  const assessment::StructuralAssessor& assessor;
  distribution::Condition condition;
  Worth worth = nullptr;  ///< all are worth the same

  /// `seen`: receives the predicted latency of a candidate that meets the constraints.
  Standing standing(const space::Genotype& genotype, LatencyRange* seen = nullptr) const;
};

}  // namespace gensynth::teaching
