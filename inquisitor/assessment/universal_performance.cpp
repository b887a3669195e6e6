#include "inquisitor/assessment/universal_performance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/base/option.hpp"
#include "constraints/rules/interval.hpp"

namespace gensynth::assessment {

double UniversalPerformance::score(const Metrics& metrics, const std::vector<constraints::Verdict>& verdicts) const {
  return score(metrics, verdicts, rules::value_kept_with(metrics.at(accuracy), confidence));
}

double UniversalPerformance::score(const Metrics& metrics, const std::vector<constraints::Verdict>& verdicts,
                                   double accuracy_percent) const {
  double log_u = alpha * std::log10(std::max(accuracy_percent, 0.1));
  const auto divide_by = [&](double exponent, const char* metric, double unit) {
    if (exponent != 0)
      log_u -= exponent * std::log10(std::max(rules::value_kept_with(metrics.at(metric), confidence) / unit, 1e-12));
  };
  divide_by(beta, "params", 1e6);
  divide_by(gamma, "macs", 1e9);
  divide_by(delta, "latency_ms", 1.0);
  double penalty = 0;
  for (const constraints::Verdict& verdict : verdicts) {
    if (!verdict.hard && !verdict.satisfied) penalty += verdict.weight * verdict.relative_violation();
  }
  return 20 * log_u - penalty;
}

namespace {

const EnumNames<Goal> kGoalNames = {
    {Goal::balanced, "balanced"}, {Goal::most_accurate, "most_accurate"}, {Goal::fastest, "fastest"}};

/// U with the exponents of a goal.
UniversalPerformance exponents_of(Goal goal) {
  UniversalPerformance u;
  u.goal = goal;
  if (goal == Goal::balanced) return u;
  u.alpha = goal == Goal::most_accurate ? 2 : 0;
  u.beta = u.gamma = 0;
  u.delta = goal == Goal::fastest ? 1 : 0;
  return u;
}

OptionList<UniversalPerformance> declare() {
  OptionList<UniversalPerformance> options;
  options
      .add_enum(
          "goal", &UniversalPerformance::goal, kGoalNames,
          "`most_accurate` under the constraints, `fastest` under a hard constraint on accuracy, or `balanced` by "
          "the exponents below; `\"objective\": \"fastest\"` is short for `{\"goal\": \"fastest\"}`")
      .after = [](JsonReader&, void* object) {
    auto& u = *static_cast<UniversalPerformance*>(object);
    const UniversalPerformance preset = exponents_of(u.goal);
    if (u.goal == Goal::balanced) return;
    u.alpha = preset.alpha;
    u.beta = preset.beta;
    u.gamma = preset.gamma;
    u.delta = preset.delta;
  };
  const auto exponent = [&](const char* name, double UniversalPerformance::*member, const char* help) {
    options.add(name, member, between(0, 100), help).after = [name, member](JsonReader& reader, void* object) {
      const auto& u = *static_cast<const UniversalPerformance*>(object);
      const double fixed = exponents_of(u.goal).*member;
      if (u.goal == Goal::balanced || u.*member == fixed) return;
      reader.fail(name, fmt::format("{:g}, but the goal '{}' has {:g}; expected that, or the goal 'balanced'",
                                    u.*member, to_string(u.goal), fixed));
    };
  };
  exponent("alpha", &UniversalPerformance::alpha, "exponent of the accuracy a (%)");
  exponent("beta", &UniversalPerformance::beta, "exponent of the parameters p (millions)");
  exponent("gamma", &UniversalPerformance::gamma, "exponent of the MACs m (billions)");
  exponent("delta", &UniversalPerformance::delta, "exponent of the predicted latency l (ms)");
  options.add("accuracy", &UniversalPerformance::accuracy, one_of({"top1", "proxy_top1"}),
              "a: ImageNet top-1, predicted, or proxy accuracy, measured on `data` (needs `proxy`)");
  options.add("confidence", &UniversalPerformance::confidence, between(0.01, 0.99),
              "probability with which predicted accuracy and latency are no worse than the values that U takes; at 0.5 "
              "the predictions themselves");
  return options;
}

}  // namespace

const char* to_string(Goal goal) { return enum_name(kGoalNames, goal).c_str(); }

std::string UniversalPerformance::formula() const {
  std::string text;
  const auto factor = [&](const char* name, double exponent) {
    if (exponent != 0) text += fmt::format("{}{}^{:g}", text.empty() ? "" : " ", name, exponent);
  };
  factor("a", alpha);
  factor("p", -beta);
  factor("m", -gamma);
  factor("l", -delta);
  return "20 log10(" + (text.empty() ? "1" : text) + ")";
}

const OptionList<UniversalPerformance>& objective_options() {
  static const OptionList<UniversalPerformance> options = declare();
  return options;
}

UniversalPerformance universal_performance_from_json(const nlohmann::json& value, const std::string& source,
                                                     const std::string& pointer) {
  return objective_options().read(value, source, pointer);
}

nlohmann::ordered_json to_json(const UniversalPerformance& u) { return objective_options().write(u); }

}  // namespace gensynth::assessment
