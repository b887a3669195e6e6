#include <cstdio>

#include "constraints/rules/interval.hpp"
#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::rules {
namespace {

constexpr double kPaperFloor = 75.8;  // section 2.2: ImageNet top-1 accuracy of at least 75.8 %

std::string describe(const Quantity& top1, double confidence, double judged) {
  char text[160];
  if (top1.provenance == Provenance::predicted) {
    std::snprintf(text, sizeof text,
                  "predicted %.2f %% (90 %% interval %.2f to %.2f); it is over %.2f %% with probability %.2g",
                  top1.value, top1.low, top1.high, judged, confidence);
  } else {
    std::snprintf(text, sizeof text, "%s %.2f %%", to_string(top1.provenance), top1.value);
  }
  return text;
}

class Top1 : public Rule {
 public:
  explicit Top1(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::latency),
        bound_(arguments.parameters.at("bound")),
        confidence_(arguments.parameters.at("confidence")) {}

  constraints::Verdict check(const constraints::Subject& subject) const override {
    const Quantity& top1 = subject.metrics().at("top1");
    const double judged = value_exceeded_with(top1, confidence_);
    constraints::Verdict result = verdict(judged, bound_, "%");
    result.violation = std::max(0.0, bound_ - judged);
    result.satisfied = result.violation <= 0;
    char bound[48];
    std::snprintf(bound, sizeof bound, "; the bound is %.2f %%", bound_);
    result.message = "ImageNet top-1 " + describe(top1, confidence_, judged) + bound;
    return result;
  }

 private:
  double bound_;
  double confidence_;
};

}  // namespace

void register_top1(constraints::ConstraintRegistry& registry) {
  constraints::ConstraintInfo info;
  info.name = "top1";
  info.summary = "ImageNet top-1 accuracy of at least 75.8 %";
  info.description =
      "A measured top-1 is compared with the bound as it is. A predicted one must reach the bound with the stated "
      "confidence, its 90 % interval read as a normal distribution: at 0.5 the prediction itself, at 0.95 the lower "
      "end of the interval (paper, section 2.2: accuracy is enforced).";
  info.cost_class = constraints::CostClass::latency;
  info.parameters = {
      {"bound", "number", kPaperFloor, 0.0, 100.0, {}, "least top-1 accuracy in %"},
      {"confidence", "number", 0.5, 0.01, 0.99, {}, "probability with which a predicted value must reach the bound"},
  };
  registry.add(std::move(info),
               [](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                 return std::make_unique<Top1>(arguments);
               });
}

}  // namespace gensynth::rules
