#include <cstdio>

#include "constraints/rules/interval.hpp"
#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::rules {
namespace {

constexpr double kPaperFloor = 75.8;  // section 2.2: ImageNet top-1 accuracy of at least 75.8 %
constexpr double kLeastDoubt = 1;     // points of violation, at least, where a prediction is not to be trusted

std::string describe(const Quantity& top1, double confidence, double judged) {
  char text[240];
  if (!top1.trusted()) {
    std::snprintf(
        text, sizeof text,
        "predicted %.2f %% (90 %% interval %.2f to %.2f), but the network is unlike those that the prediction "
        "was fitted to (distance %.3g, 1 is the most): the lower end counts",
        top1.value, top1.low, top1.high, top1.distance);
  } else if (top1.provenance == Provenance::predicted) {
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
    const double judged = top1.trusted() ? value_exceeded_with(top1, confidence_) : top1.low;
    constraints::Verdict result = verdict(judged, bound_, "%");
    result.violation = std::max(top1.trusted() ? 0.0 : kLeastDoubt, bound_ - judged);
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

void register_top1(constraints::ConstraintSink& registry) {
  constraints::ConstraintInfo info;
  info.name = "top1";
  info.summary = "ImageNet top-1 accuracy of at least 75.8 %";
  info.description =
      "A measured top-1 is compared with the bound as it is. A predicted one must reach the bound with the stated "
      "confidence, its 90 % interval read as a normal distribution: at 0.5 the prediction itself, at 0.95 the lower "
      "end of the interval (paper, section 2.2: accuracy is enforced). The prediction for a network unlike those that "
      "it "
      "was fitted to does not meet the bound, unless the job says \"out_of_distribution\": \"allow\".";
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
