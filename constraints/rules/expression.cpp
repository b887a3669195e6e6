#include <algorithm>
#include <cstdio>

#include "architecture/base/error.hpp"
#include "constraints/rules/comparison.hpp"
#include "constraints/rules/interval.hpp"
#include "constraints/rules/known_metrics.hpp"
#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::rules {
namespace {

constraints::CostClass latest(const std::vector<std::string>& metrics) {
  constraints::CostClass result = constraints::CostClass::graph;
  for (const std::string& metric : metrics) result = std::max(result, known_metric_cost_class(metric));
  return result;
}

class Expression : public Rule {
 public:
  Expression(const constraints::ConstraintArguments& arguments, MetricCondition condition)
      : Rule(arguments, latest(condition.used())),
        condition_(std::move(condition)),
        confidence_(arguments.parameters.at("confidence")) {}

  constraints::Verdict check(const constraints::Subject& subject) const override {
    const MetricComparison decisive = condition_.judge(
        [&](const std::string& name) { return value_kept_with(known_metric(name, subject), confidence_); });
    const Quantity* left = subject.metrics().find(decisive.left);
    constraints::Verdict result = verdict(decisive.measured, decisive.bound, left == nullptr ? "" : left->unit);
    result.satisfied = decisive.satisfied;
    result.violation = decisive.violation;
    char values[96];
    std::snprintf(values, sizeof values, ": %.6g against %.6g", decisive.measured, decisive.bound);
    result.message = decisive.text + (decisive.satisfied ? " holds" : " does not hold") + values;
    if (condition_.comparisons() > 1) {
      result.message += "; it decides among " + std::to_string(condition_.comparisons()) + " comparisons";
    }
    return result;
  }

 private:
  MetricCondition condition_;
  double confidence_;
};

}  // namespace

void register_expression(constraints::ConstraintSink& registry) {
  constraints::ConstraintInfo info;
  info.name = "expression";
  info.summary = "a condition over metrics, such as params < 4e6 and latency_ms < 25";
  info.description =
      "Comparisons of arithmetic over metric names, joined by and, or, not and parentheses; functions as in muParser "
      "(sqrt, log10, min, max, abs, ...). The comparison that decides is reported: of those joined by 'and' the one "
      "furthest from its bound. It runs as soon as all metrics it names are there. With a confidence above 0.5, a "
      "predicted metric is taken nearer to the worse end of its interval: latency higher, accuracy lower.";
  info.parameters = {{"expression", "string", nullptr, 0, 0, {}, "the condition, over: "},
                     {"confidence",
                      "number",
                      0.5,
                      0.01,
                      0.99,
                      {},
                      "probability with which each predicted metric is no worse than the value taken for it"}};
  for (const std::string& name : known_metric_names()) {
    info.parameters[0].help += (name == known_metric_names().front() ? "" : ", ") + name;
  }
  registry.add(std::move(info),
               [](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                 const std::string text = arguments.parameters.at("expression");
                 return std::make_unique<Expression>(arguments, MetricCondition(text, known_metric_names()));
               });
}

}  // namespace gensynth::rules
