#include "inquisitor/assessment/universal_performance.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"

namespace gensynth::assessment {

double UniversalPerformance::score(const Metrics& metrics, const std::vector<constraints::Verdict>& verdicts) const {
  return score(metrics, verdicts, metrics.at(accuracy).taken());
}

double UniversalPerformance::score(const Metrics& metrics, const std::vector<constraints::Verdict>& verdicts,
                                   double accuracy_percent) const {
  double log_u = alpha * std::log10(std::max(accuracy_percent, 0.1));
  const auto divide_by = [&](double exponent, const char* metric, double unit) {
    if (exponent != 0) log_u -= exponent * std::log10(std::max(metrics.at(metric).value / unit, 1e-12));
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

UniversalPerformance universal_performance_from_json(const nlohmann::json& value, const std::string& source,
                                                     const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  UniversalPerformance u;
  u.alpha = reader.number("alpha", 0, 100, u.alpha);
  u.beta = reader.number("beta", 0, 100, u.beta);
  u.gamma = reader.number("gamma", 0, 100, u.gamma);
  u.delta = reader.number("delta", 0, 100, u.delta);
  u.accuracy = reader.choice("accuracy", {"top1", "proxy_top1"}, u.accuracy);
  reader.finish();
  return u;
}

nlohmann::ordered_json to_json(const UniversalPerformance& u) {
  return {{"alpha", u.alpha}, {"beta", u.beta}, {"gamma", u.gamma}, {"delta", u.delta}, {"accuracy", u.accuracy}};
}

}  // namespace gensynth::assessment
