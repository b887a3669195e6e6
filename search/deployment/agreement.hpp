#pragma once

#include <string>
#include <vector>

namespace gensynth::deployment {

/// How much a deployed model may differ from LibTorch, relative to its largest output.
inline constexpr double kTolerance = 1e-4;

/// The largest difference, relative to the largest value of the same output of `expected`. A NaN counts as infinitely
/// far. Throws Error naming `runtime` when the sizes differ.
double largest_difference(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found,
                          const std::string& runtime);

/// Returns the largest difference. Throws Error naming `path` when the difference is over kTolerance.
double check_agreement(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found,
                       const std::string& runtime, const std::string& path);

/// How much a file in 8-bit integers may differ from their simulation, as root of the mean square relative to that of
/// the outputs: so much, or kIntegerFactor times the error of the simulation itself. Runtimes compute some functions in
/// several steps of 8 bits each, so that their rounding differs, and this adds up along a network.
inline constexpr double kIntegerTolerance = 0.02;
inline constexpr double kIntegerFactor = 1.5;

/// Returns the relative root mean square difference between `found` and `simulated`; `exact` are the outputs in
/// float32. Throws Error naming `path` when it is over the tolerance.
double check_integer_agreement(const std::vector<std::vector<float>>& exact,
                               const std::vector<std::vector<float>>& simulated,
                               const std::vector<std::vector<float>>& found, const std::string& runtime,
                               const std::string& path);

/// Root of the mean square of the differences, relative to that of the expected values; a NaN counts as infinitely far.
double relative_error(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found);

}  // namespace gensynth::deployment
