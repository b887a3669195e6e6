#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "constraints/constraint_info.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::analysis::overview {

/// The effect of one constraint of a job on a run.
struct RuleRecord {
  std::string rule;  ///< the user's label, or the constraint's name
  std::string kind;  ///< the constraint's name; "" when the job has no such rule
  bool hard = true;
  std::string asks;                ///< its parameters in one line: "bound 4e+06", "params < 4e6"
  std::int64_t checked = 0;        ///< trials that it judged
  std::int64_t violated = 0;       ///< of these
  std::int64_t rejected = 0;       ///< trials that ended by it
  Stage stage = Stage::none;       ///< the last stage at which it rejected one
  double closest = 0;              ///< smallest relative violation among the rejected; 0 without any
  double median = 0;               ///< median of the same
  std::int64_t closest_trial = 0;  ///< 0 without any
  double core_seconds = 0;         ///< compute spent on the rejected
};

/// In the order of the job's constraints; rules that only the trials name come last.
std::vector<RuleRecord> rule_ledger(const std::vector<constraints::ConstraintSpec>& specs,
                                    const std::vector<trial::Trial>& trials);

/// A bound of a hard constraint on a single metric, for charts.
struct MetricBound {
  std::string rule;
  std::string metric;
  bool upper = true;
  double bound = 0;
  bool hard = true;
};
/// The bounds on single metrics that every feasible network meets: those of the kinds min_, max_ and top1, and the
/// comparisons of a metric with a number in expressions that `and` joins. Other conditions have no such bound.
std::vector<MetricBound> metric_bounds(const std::vector<constraints::ConstraintSpec>& specs);

}  // namespace gensynth::analysis::overview
