#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "architecture/stage.hpp"

namespace gensynth {

struct MetricInfo {
  const char* name;
  const char* unit;    ///< "" for counts and shares
  Stage known;         ///< the first stage of an evaluation after which it is known
  bool constrainable;  ///< constraints may bound it
  const char* meaning;
};

/// Every metric that gensynth computes or measures (architecture/metrics.hpp): the one place for names and units.
const std::vector<MetricInfo>& metric_infos();

/// Throws Error with the nearest name for an unknown one.
const MetricInfo& metric_info(std::string_view name);

/// The rows of the table in docs/constraints.md.
std::string metric_table_markdown();

}  // namespace gensynth
