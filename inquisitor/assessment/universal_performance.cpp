#include "inquisitor/assessment/universal_performance.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

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

OptionList<UniversalPerformance> declare() {
  OptionList<UniversalPerformance> options;
  options.add("alpha", &UniversalPerformance::alpha, between(0, 100), "exponent of the accuracy a (%)");
  options.add("beta", &UniversalPerformance::beta, between(0, 100), "exponent of the parameters p (millions)");
  options.add("gamma", &UniversalPerformance::gamma, between(0, 100), "exponent of the MACs m (billions)");
  options.add("delta", &UniversalPerformance::delta, between(0, 100), "exponent of the predicted latency l (ms)");
  options.add("accuracy", &UniversalPerformance::accuracy, one_of({"top1", "proxy_top1"}),
              "a: ImageNet top-1, predicted, or proxy accuracy, measured on `data` (needs `proxy`)");
  options.add("confidence", &UniversalPerformance::confidence, between(0.01, 0.99),
              "probability with which predicted accuracy and latency are no worse than the values that U takes; at 0.5 "
              "the predictions themselves");
  return options;
}

}  // namespace

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
