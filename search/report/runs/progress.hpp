#pragma once

#include <string>

#include "search/loop/search_loop.hpp"

namespace gensynth::report::runs {

/// Shows the progress of a search on standard error: on a terminal one line that is redrawn, elsewhere a plain line
/// whenever another tenth of the work is done or the best trial changes. Prints nothing when quiet.
class ProgressDisplay {
 public:
  explicit ProgressDisplay(bool quiet);
  ~ProgressDisplay();
  void show(const loop::SearchProgress& progress);
  void finish();  ///< leaves the terminal on a fresh line

 private:
  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  double last_draw_ = 0;
  std::int64_t last_tenth_ = -1;
  std::int64_t last_best_ = 0;
};

/// One line: bar, counts by state, best feasible U so far, remaining time.
std::string progress_line(const loop::SearchProgress& progress, int width);

}  // namespace gensynth::report::runs
