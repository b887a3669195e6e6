#pragma once

#include <string>
#include <vector>

namespace gensynth::charts {

/// One kernel of an inference, with the facts that the chart shows.
struct TimedKernel {
  std::string layer;   ///< the operator that names it
  std::string kernel;  ///< "pointwise", "conv3x3", ...
  std::string output;  ///< shape
  std::string stage;   ///< "-" outside of stages
  double macs = 0;
  double bytes = 0;  ///< read and written
  double ms = 0;
  std::string bound;  ///< "compute", "memory" or "overhead"
  bool in_range = true;
};

struct ProfileChart {
  std::string title;
  std::string subtitle;
  std::vector<std::string> notes;
  std::vector<TimedKernel> kernels;  ///< in order of execution
};

/// A self-contained SVG: the inference as one strip, time by stage and by kind of kernel, and every layer. Colours show
/// the bound of a kernel; kernels outside the calibrated range are hatched.
std::string to_svg(const ProfileChart& chart);

}  // namespace gensynth::charts
