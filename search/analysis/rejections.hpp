#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "search/store/run_reader.hpp"

namespace gensynth::analysis {

/// The candidates that one rule rejected.
struct RuleRejections {
  std::string rule;
  Stage stage = Stage::none;
  std::int64_t count = 0;
  double share = 0;         ///< of all proposals, 0 to 1
  double core_seconds = 0;  ///< compute spent on them
  double closest = 0;       ///< the smallest relative violation
};

/// By name of rule. Scans all trials of the store.
std::vector<RuleRejections> rejections(const store::RunReader& store);

}  // namespace gensynth::analysis
