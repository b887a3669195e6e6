#include "constraints/rules/known_metrics.hpp"

#include <algorithm>

#include "architecture/base/error.hpp"
#include "architecture/base/joined.hpp"
#include "architecture/cost.hpp"
#include "architecture/metric_infos.hpp"

namespace gensynth::rules {
namespace {

constraints::CostClass cost_class_of(MetricStage known) {
  switch (known) {
    case MetricStage::graph:
      return constraints::CostClass::graph;
    case MetricStage::latency:
      return constraints::CostClass::latency;
    case MetricStage::probe:  // judged together with what training measures
    case MetricStage::proxy:
      break;
  }
  return constraints::CostClass::proxy;
}

}  // namespace

const std::vector<std::string>& known_metric_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const MetricInfo& metric : metric_infos()) {
      if (metric.constrainable) result.emplace_back(metric.name);
    }
    return result;
  }();
  return names;
}

constraints::CostClass known_metric_cost_class(const std::string& name) {
  const std::vector<std::string>& names = known_metric_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) return cost_class_of(metric_info(name).known);
  throw Error("no metric '" + name + "'" + suggestion(name, names) + "; known: " + joined(names));
}

Quantity known_metric(const std::string& name, const Architecture& architecture, const Metrics& metrics) {
  if (const Quantity* found = metrics.find(name)) return *found;
  if (known_metric_cost_class(name) != constraints::CostClass::graph)
    return metrics.at(name);  // throws, and says what there is
  Metrics counted;
  set_cost(cost(architecture), architecture.size(), counted);
  return counted.at(name);
}

}  // namespace gensynth::rules
