#include "search/analysis/rejections.hpp"

#include <algorithm>

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

}  // namespace gensynth::analysis
