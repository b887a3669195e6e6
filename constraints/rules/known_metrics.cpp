#include "constraints/rules/known_metrics.hpp"

#include "architecture/cost.hpp"
#include "architecture/error.hpp"

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
    {"latency_ms", CostClass::latency},
    {"top1", CostClass::latency},  // predicted beside the latency
    {"proxy_top1", CostClass::proxy},
    {"proxy_top5", CostClass::proxy},
    {"proxy_loss", CostClass::proxy},
};

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

Quantity known_metric(const std::string& name, const Architecture& architecture, const Metrics& metrics) {
  if (const Quantity* found = metrics.find(name)) return *found;
  if (known_metric_cost_class(name) != CostClass::graph) return metrics.at(name);  // throws, and says what there is
  Metrics counted;
  set_cost(cost(architecture), architecture.size(), counted);
  return counted.at(name);
}

}  // namespace gensynth
