#pragma once

namespace gensynth::assessment {

/// Expected value of max(0, x - best) for a Gaussian x (Jones et al. 1998, section 4.1).
double expected_improvement(double mean, double deviation, double best);

}  // namespace gensynth::assessment
