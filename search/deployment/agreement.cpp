#include "search/deployment/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "architecture/base/error.hpp"

namespace gensynth::deployment {

double largest_difference(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found,
                          const std::string& runtime) {
  if (expected.size() != found.size())
    throw Error(runtime + " and LibTorch give different numbers of outputs", ErrorKind::internal);
  double worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i].size() != found[i].size())
      throw Error(runtime + " and LibTorch give outputs of different sizes", ErrorKind::internal);
    double scale = 1e-30;  // where all outputs are zero
    for (const float value : expected[i]) scale = std::max(scale, static_cast<double>(std::abs(value)));
    for (std::size_t j = 0; j < expected[i].size(); ++j) {
      const double difference = std::abs(static_cast<double>(expected[i][j]) - found[i][j]) / scale;
      if (std::isnan(difference)) return std::numeric_limits<double>::infinity();
      worst = std::max(worst, difference);
    }
  }
  return worst;
}

double relative_error(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found) {
  double noise = 0;
  double signal = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    for (std::size_t j = 0; j < expected[i].size(); ++j) {
      const double difference = static_cast<double>(expected[i][j]) - found.at(i).at(j);
      if (std::isnan(difference)) return std::numeric_limits<double>::max();
      noise += difference * difference;
      signal += static_cast<double>(expected[i][j]) * expected[i][j];
    }
  }
  return noise == 0 ? 0 : std::sqrt(noise / std::max(signal, 1e-30));
}

double check_integer_agreement(const std::vector<std::vector<float>>& exact,
                               const std::vector<std::vector<float>>& simulated,
                               const std::vector<std::vector<float>>& found, const std::string& runtime,
                               const std::string& path) {
  largest_difference(simulated, found, runtime);  // checks the sizes
  const double difference = relative_error(simulated, found);
  const double accepted = std::max(kIntegerTolerance, kIntegerFactor * relative_error(exact, simulated));
  if (!(difference <= accepted)) {
    throw Error(path + ": refused: " + runtime + " and the simulation of 8-bit integers in LibTorch differ by " +
                    std::to_string(difference) + " (at most " + std::to_string(accepted) + " is accepted)",
                ErrorKind::internal);
  }
  return difference;
}

double check_agreement(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found,
                       const std::string& runtime, const std::string& path) {
  const double difference = largest_difference(expected, found, runtime);
  if (!(difference <= kTolerance)) {
    throw Error(path + ": refused: LibTorch and " + runtime + " differ by " + std::to_string(difference) +
                    " (at most " + std::to_string(kTolerance) + " is accepted)",
                ErrorKind::internal);
  }
  return difference;
}

}  // namespace gensynth::deployment
