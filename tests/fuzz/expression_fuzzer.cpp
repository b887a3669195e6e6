// Any bytes as the condition of an expression constraint: an Error, or a condition that judges any values of its
// metrics, with the opposite verdict of its negation.
#include <cmath>

#include "constraints/rules/comparison.hpp"
#include "constraints/rules/known_metrics.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  return fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    const rules::MetricCondition condition(text, rules::known_metric_names());
    fuzz::demand(condition.comparisons() > 0 && !condition.used().empty());
    for (const double value : {1.0, 0.0, -3.5, 1e300}) {
      const Comparison found = condition.judge([&](const std::string&) { return value; });
      fuzz::demand(found.violation >= 0 && found.satisfied == (found.violation == 0));
      fuzz::demand(std::isfinite(found.measured) && std::isfinite(found.bound));
    }
  });
}
