#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/metrics.hpp"
#include "constraints/constraint.hpp"

namespace gensynth {
template <class T>
class OptionList;
}

namespace gensynth::assessment {

/// The user's words for a choice of exponents. The exponents of a goal other than `balanced` are fixed.
enum class Goal {
  balanced,       ///< exponents as the job gives them
  most_accurate,  ///< (2, 0, 0, 0): the most accurate network that meets the constraints
  fastest         ///< (0, 0, 0, 1): the lowest latency; needs a hard constraint on accuracy
};
const char* to_string(Goal goal);

/// The universal performance function, in dB:
///   U = 20 log10(a^alpha p^-beta m^-gamma l^-delta) - sum of w_i v_i over soft constraints.
/// a: accuracy in %, p: parameters in millions, m: MACs in billions, l: latency in ms, v_i: relative violation.
/// NetScore (Wong 2018, arXiv:1806.05512) is (2, 0.5, 0.5, 0); it alone prefers the tiniest networks, so the
/// default here is (2, 0.25, 0, 0.5) and is meant to go with an accuracy floor.
struct UniversalPerformance {
  double alpha = 2;
  double beta = 0.25;
  double gamma = 0;
  double delta = 0.5;
  std::string accuracy = "top1";  ///< the metric that is `a`: "top1" or "proxy_top1"
  double confidence = 0.5;        ///< with which predicted values are no worse than those taken (value_kept_with)
  Goal goal = Goal::balanced;

  /// "20 log10(a^2 p^-0.25 l^-0.5)": the formula with the exponents that are not 0.
  std::string formula() const;

  /// Whether accuracy is measured by training, and therefore noisy; otherwise it is computed from the structure.
  bool accuracy_is_measured() const { return accuracy != "top1"; }

  /// Throws Error when a metric with a non-zero exponent is missing. An accuracy below 0.1 % counts as 0.1 %; for a
  /// prediction out of distribution the lower end of its interval counts (Quantity::taken).
  double score(const Metrics& metrics, const std::vector<constraints::Verdict>& verdicts) const;
  /// The same with the accuracy (in %) given, for a candidate whose accuracy is only predicted by a surrogate.
  double score(const Metrics& metrics, const std::vector<constraints::Verdict>& verdicts,
               double accuracy_percent) const;
};

const OptionList<UniversalPerformance>& objective_options();
UniversalPerformance universal_performance_from_json(const nlohmann::json& value, const std::string& source,
                                                     const std::string& pointer);
nlohmann::ordered_json to_json(const UniversalPerformance& u);

}  // namespace gensynth::assessment
