#include "constraints/rules/known_metrics.hpp"

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"

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
    {"latency_ms", constraints::CostClass::latency},
    {"top1", constraints::CostClass::latency},  // predicted beside the latency
    {"proxy_top1", constraints::CostClass::proxy},
    {"proxy_top5", constraints::CostClass::proxy},
    {"proxy_loss", constraints::CostClass::proxy},
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

constraints::CostClass known_metric_cost_class(const std::string& name) {
  std::string all;
  for (const KnownMetric& metric : kKnown) {
    if (name == metric.name) return metric.cost_class;
    all += (all.empty() ? "" : ", ") + std::string(metric.name);
  }
  throw Error("no metric '" + name + "'" + suggestion(name, known_metric_names()) + "; known: " + all);
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
