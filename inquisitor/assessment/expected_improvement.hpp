#pragma once

namespace gensynth::assessment {

/// Expected excess of a Gaussian over `best`, 0 where it stays below (Jones et al. 1998, section 4.1).
double expected_improvement(double mean, double deviation, double best);

}  // namespace gensynth::assessment
