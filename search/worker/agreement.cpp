#include "search/worker/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "architecture/base/error.hpp"

namespace gensynth::worker {

double largest_difference(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found,
                          const std::string& runtime) {
  if (expected.size() != found.size()) throw Error(runtime + " and LibTorch give different numbers of outputs");
  double worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i].size() != found[i].size()) throw Error(runtime + " and LibTorch give outputs of different sizes");
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

double check_agreement(const std::vector<std::vector<float>>& expected, const std::vector<std::vector<float>>& found,
                       const std::string& runtime, const std::string& path) {
  const double difference = largest_difference(expected, found, runtime);
  if (!(difference <= kTolerance)) {
    throw Error(path + ": refused: LibTorch and " + runtime + " differ by " + std::to_string(difference) +
                " (at most " + std::to_string(kTolerance) + " is accepted)");
  }
  return difference;
}

}  // namespace gensynth::worker
