#pragma once

#include <string>
#include <vector>

#include "constraints/constraint.hpp"

namespace gensynth::rules {

/// The names of the metrics that constraints may bound (architecture/metric_infos.hpp).
const std::vector<std::string>& known_metric_names();

/// When the metric is known. Throws Error with the nearest name for an unknown one.
constraints::CostClass known_metric_cost_class(const std::string& name);

/// The metric, or, where it is missing but counted from the graph, counted now. Throws Error when it is neither.
Quantity known_metric(const std::string& name, const Architecture& architecture, const Metrics& metrics);

}  // namespace gensynth::rules
