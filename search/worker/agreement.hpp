#pragma once

#include <string>
#include <vector>

namespace gensynth::worker {

/// How much a deployed model may differ from LibTorch, relative to its largest output.
inline constexpr double kTolerance = 1e-4;

/// The largest difference, relative to the largest value of the same output of `expected`. A NaN counts as infinitely
/// far. Throws Error naming `runtime` when the sizes differ.
double largest_difference(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found,
                          const std::string& runtime);

/// Returns the largest difference. Throws Error naming `path` when the difference is over kTolerance.
double check_agreement(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found,
                       const std::string& runtime, const std::string& path);

}  // namespace gensynth::worker
