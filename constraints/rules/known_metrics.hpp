#pragma once

#include <string>
#include <vector>

#include "constraints/constraint.hpp"

namespace gensynth::rules {

/// The names of the metrics that constraints may bound (architecture/metric_infos.hpp).
const std::vector<std::string>& known_metric_names();

/// The cost class from which the metric is known. Throws Error with the nearest name for an unknown one.
constraints::CostClass known_metric_cost_class(const std::string& name);

/// The metric; one that is missing but can be counted from the graph is counted now. Otherwise throws Error.
Quantity known_metric(const std::string& name, const constraints::Subject& subject);

}  // namespace gensynth::rules
