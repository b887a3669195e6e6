#pragma once

#include <string>
#include <vector>

#include "architecture/base/error.hpp"
#include "constraints/structure/columns.hpp"
#include "tests/constraints/networks.hpp"

namespace gensynth::testing {

using structure::ColumnReport;
using structure::StageColumns;
using structure::StageFinding;

inline const StageColumns& stage_of(const ColumnReport& report, int px) {
  for (const StageColumns& stage : report.stages) {
    if (stage.height == px) return stage;
  }
  throw Error("no stage of " + std::to_string(px) + " px");
}

/// The number of columns of the stage; branches that are only near to being columns do not count.
inline std::size_t columns_of(const StageColumns& stage) {
  return stage.finding == StageFinding::columns ? stage.columns.size() : 0;
}

inline std::vector<int> column_counts(const ColumnReport& report) {
  std::vector<int> result;
  for (const StageColumns& stage : report.stages) result.push_back(static_cast<int>(columns_of(stage)));
  return result;
}

inline ColumnReport measure(const Architecture& net) { return structure::measure_columns(structure::Structure(net)); }

/// One stage of 32 px after a stem, drawn by `body`, then a pointwise convolution over what it returns.
inline ColumnReport one_stage(const std::function<int(Sketch&, int)>& body) {
  Sketch net(64);
  const int entry = net.blur(net.conv(0, 16, 3));
  return measure(net.finish(net.pointwise(body(net, entry), 32)));
}

}  // namespace gensynth::testing
