#include <cstdio>
#include <optional>

#include "constraints/rules/interval.hpp"
#include "constraints/rules/known_metrics.hpp"
#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::rules {
namespace {

struct BoundKind {
  const char* name;
  const char* metric;
  bool upper;
  const char* what;  ///< for the summary and the help
  bool hard = true;  ///< by default
  double lowest = 0;
  std::optional<double> fallback = {};
};

constexpr BoundKind kKinds[] = {
    {"max_params", "params", true, "trainable parameters"},
    {"min_params", "params", false, "trainable parameters"},
    {"max_macs", "macs", true, "multiply-accumulates"},
    {"min_macs", "macs", false, "multiply-accumulates"},
    {"max_latency", "latency_ms", true, "latency on the job's device in ms"},
    {"max_peak_memory", "peak_memory_bytes", true, "peak memory of the activations in bytes"},
    {"min_column_heterogeneity", "column_heterogeneity", false, "how different the columns of a stage are, 0 to 1",
     false, 0, 0.25},
    {"max_independence_trend", "independence_trend", true,
     "how the independence of columns changes from the first stage to the last", false, -10, -0.25},
};

class Bound : public Rule {
 public:
  Bound(const constraints::ConstraintArguments& arguments, const BoundKind& kind, constraints::CostClass cost_class)
      : Rule(arguments, cost_class),
        kind_(kind),
        bound_(arguments.parameters.at("bound")),
        confidence_(arguments.parameters.value("confidence", 0.5)) {}

  constraints::Verdict check(const constraints::Subject& subject) const override {
    const Quantity quantity = known_metric(kind_.metric, subject);
    const double judged = value_exceeded_with(quantity, kind_.upper ? 1 - confidence_ : confidence_);
    constraints::Verdict result = verdict(judged, bound_, quantity.unit);
    result.violation = std::max(0.0, kind_.upper ? judged - bound_ : bound_ - judged);
    result.satisfied = result.violation <= 0;
    char text[200];
    std::snprintf(text, sizeof text, "%s %.6g%s%s (%s), %s %.6g", kind_.metric, judged,
                  quantity.unit.empty() ? "" : " ", quantity.unit.c_str(), to_string(quantity.provenance),
                  kind_.upper ? "at most" : "at least", bound_);
    result.message = text;
    return result;
  }

 private:
  BoundKind kind_;
  double bound_;
  double confidence_;
};

}  // namespace

void register_bounds(constraints::ConstraintSink& registry) {
  for (const BoundKind& kind : kKinds) {
    constraints::ConstraintInfo info;
    info.name = kind.name;
    info.cost_class = known_metric_cost_class(kind.metric);
    const std::string limit = std::string(kind.upper ? "an upper bound on " : "a lower bound on ");
    info.summary = limit + kind.what;
    info.description = "The metric '" + std::string(kind.metric) + "' against a bound.";
    info.hard_by_default = kind.hard;
    const nlohmann::json fallback = kind.fallback ? nlohmann::json(*kind.fallback) : nlohmann::json();
    info.parameters = {{"bound", "number", fallback, kind.lowest, 1e18, {}, limit + kind.what}};
    if (info.cost_class != constraints::CostClass::graph) {
      info.description += " A predicted value must keep it with the stated confidence.";
      info.parameters.push_back({"confidence",
                                 "number",
                                 0.5,
                                 0.01,
                                 0.99,
                                 {},
                                 "probability with which a predicted value must keep the bound"});
    }
    registry.add(std::move(info),
                 [kind](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                   return std::make_unique<Bound>(arguments, kind, known_metric_cost_class(kind.metric));
                 });
  }
}

}  // namespace gensynth::rules
