#include "search/analysis/rejections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace gensynth::analysis {

std::vector<RuleRejections> rejections(const store::RunReader& store) {
  std::int64_t proposals = 0;
  for (const auto& [state, count] : store.counts()) proposals += count;
  const auto all = static_cast<double>(std::max<std::int64_t>(1, proposals));
  std::vector<RuleRejections> result;
  for (const auto& [rule, entry] : store.rejects()) {
    result.push_back(
        {rule, entry.stage, entry.count, static_cast<double>(entry.count) / all, entry.core_seconds, entry.closest});
  }
  return result;
}

std::string dominant_rule(const store::RunReader& store) {
  std::int64_t evaluated = 0;
  std::map<std::string, std::int64_t> rejected;
  store.each_evaluated([&](trial::Trial&& trial) {
    ++evaluated;
    if (trial.state == trial::TrialState::rejected) ++rejected[trial.rule];
  });
  for (const auto& [rule, count] : rejected) {
    if (evaluated < kFewTrials || 2 * count <= evaluated) continue;
    return fmt::format("'{}' rejected {} of {} evaluated trials; is its bound meant so?", rule, count, evaluated);
  }
  return "";
}

}  // namespace gensynth::analysis
