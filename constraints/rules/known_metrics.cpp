#include "constraints/rules/known_metrics.hpp"

#include "architecture/cost.hpp"
#include "architecture/error.hpp"
#include "constraints/structure/columns.hpp"

namespace gensynth {
namespace {

struct KnownMetric {
  const char* name;
  CostClass cost_class;
};

constexpr KnownMetric kKnown[] = {
    {"params", CostClass::graph},
    {"macs", CostClass::graph},
    {"weight_bytes", CostClass::graph},
    {"activation_bytes", CostClass::graph},
    {"peak_memory_bytes", CostClass::graph},
    {"depth", CostClass::graph},
    {"vertices", CostClass::graph},
    {"effective_columns", CostClass::graph},
    {"column_independence", CostClass::graph},
    {"column_heterogeneity", CostClass::graph},
    {"independence_trend", CostClass::graph},
    {"latency_ms", CostClass::latency},
    {"top1", CostClass::latency},  // predicted beside the latency
    {"proxy_top1", CostClass::proxy},
    {"proxy_top5", CostClass::proxy},
    {"proxy_loss", CostClass::proxy},
};

/// One of those that the structure of columns gives; null for others.
const double* column_metric(const std::string& name, const Subject& subject) {
  struct ColumnMetric {
    const char* name;
    double ColumnReport::* value;
  };
  static constexpr ColumnMetric kMetrics[] = {{"effective_columns", &ColumnReport::effective_columns},
                                              {"column_independence", &ColumnReport::independence},
                                              {"column_heterogeneity", &ColumnReport::heterogeneity},
                                              {"independence_trend", &ColumnReport::independence_trend}};
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

CostClass known_metric_cost_class(const std::string& name) {
  std::string all;
  for (const KnownMetric& metric : kKnown) {
    if (name == metric.name) return metric.cost_class;
    all += (all.empty() ? "" : ", ") + std::string(metric.name);
  }
  throw Error("no metric '" + name + "'" + suggestion(name, known_metric_names()) + "; known: " + all);
}

Quantity known_metric(const std::string& name, const Subject& subject) {
  if (const Quantity* found = subject.metrics().find(name)) return *found;
  if (known_metric_cost_class(name) != CostClass::graph) {
    return subject.metrics().at(name);  // throws, and says what there is
  }
  if (const double* measured = column_metric(name, subject)) return Quantity::exact(*measured, "");
  Metrics counted;
  set_cost(cost(subject.architecture()), subject.architecture().size(), counted);
  return counted.at(name);
}

}  // namespace gensynth
