#include "constraints/rules/known_metrics.hpp"

#include <algorithm>

#include "architecture/base/error.hpp"
#include "architecture/base/joined.hpp"
#include "architecture/cost.hpp"
#include "architecture/metric_infos.hpp"
#include "constraints/structure/columns.hpp"

namespace gensynth::rules {
namespace {

constraints::CostClass cost_class_of(Stage known) {
  switch (known) {
    case Stage::graph:
      return constraints::CostClass::graph;
    case Stage::latency:
      return constraints::CostClass::latency;
    case Stage::probe:  // judged together with what training measures
    case Stage::proxy:
      break;
  }
  return constraints::CostClass::proxy;
}

/// The metric of that name, if it is one that column analysis computes; else null.
const double* column_metric(const std::string& name, const constraints::Subject& subject) {
  struct ColumnMetric {
    const char* name;
    double structure::ColumnReport::*value;
  };
  static constexpr ColumnMetric kMetrics[] = {{"effective_columns", &structure::ColumnReport::effective_columns},
                                              {"column_independence", &structure::ColumnReport::independence},
                                              {"column_heterogeneity", &structure::ColumnReport::heterogeneity},
                                              {"independence_trend", &structure::ColumnReport::independence_trend}};
  for (const ColumnMetric& metric : kMetrics) {
    if (name == metric.name) return &(subject.structure().columns().*metric.value);
  }
  return nullptr;
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

Quantity known_metric(const std::string& name, const constraints::Subject& subject) {
  if (const Quantity* found = subject.metrics().find(name)) return *found;
  if (known_metric_cost_class(name) != constraints::CostClass::graph) {
    return subject.metrics().at(name);  // throws, and says what there is
  }
  if (const double* measured = column_metric(name, subject)) return Quantity::exact(*measured, "");
  Metrics counted;
  set_cost(cost(subject.architecture()), subject.architecture().size(), counted);
  return counted.at(name);
}

}  // namespace gensynth::rules
