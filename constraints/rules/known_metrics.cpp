#include "constraints/rules/known_metrics.hpp"

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "constraints/structure/columns.hpp"

namespace gensynth::rules {
namespace {

struct KnownMetric {
  const char* name;
  constraints::CostClass cost_class;
};

constexpr KnownMetric kKnown[] = {
    {"params", constraints::CostClass::graph},
    {"macs", constraints::CostClass::graph},
    {"weight_bytes", constraints::CostClass::graph},
    {"activation_bytes", constraints::CostClass::graph},
    {"peak_memory_bytes", constraints::CostClass::graph},
    {"depth", constraints::CostClass::graph},
    {"vertices", constraints::CostClass::graph},
    {"effective_columns", constraints::CostClass::graph},
    {"column_independence", constraints::CostClass::graph},
    {"column_heterogeneity", constraints::CostClass::graph},
    {"independence_trend", constraints::CostClass::graph},
    {"latency_ms", constraints::CostClass::latency},
    {"top1", constraints::CostClass::latency},  // predicted beside the latency
    {"proxy_top1", constraints::CostClass::proxy},
    {"proxy_top5", constraints::CostClass::proxy},
    {"proxy_loss", constraints::CostClass::proxy},
};

/// One of those that the structure of columns gives; null for others.
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
    for (const KnownMetric& metric : kKnown) result.emplace_back(metric.name);
    return result;
  }();
  return names;
}

constraints::CostClass known_metric_cost_class(const std::string& name) {
  std::string all;
  for (const KnownMetric& metric : kKnown) {
    if (name == metric.name) return metric.cost_class;
    all += (all.empty() ? "" : ", ") + std::string(metric.name);
  }
  throw Error("no metric '" + name + "'" + suggestion(name, known_metric_names()) + "; known: " + all);
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
