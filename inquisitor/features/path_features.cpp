#include "inquisitor/features/path_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <variant>

namespace gensynth::features {
namespace {

enum Step { kSpatial, kPointwise, kPooling, kSteps };
constexpr std::array<const char*, kSteps> kStepNames{"spatial", "pointwise", "pooling"};

/// Contribution of one vertex to a path.
int step_of(const Operator& op) {
  return std::visit(
      Overloaded{[](const Convolution& c) -> int { return c.kernel.h > 1 || c.kernel.w > 1 ? kSpatial : kPointwise; },
                 [](const Linear&) -> int { return kPointwise; },
                 [](const MultiHeadAttention&) -> int { return kSpatial; },
                 [](const CrossCovarianceAttention&) -> int { return kPointwise; },
                 [](const Pool&) -> int { return kPooling; }, [](const BlurPool&) -> int { return kPooling; },
                 [](const auto&) -> int { return -1; }},
      op);
}

struct Count {
  double mean = 0, square = 0;  ///< over the paths that reach a vertex
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
};

struct Reached {
  double log_paths = -std::numeric_limits<double>::infinity();
  std::array<Count, kSteps> counts;
};

/// Joins the paths of another input.
void join(Reached& into, const Reached& from) {
  const double high = std::max(into.log_paths, from.log_paths);
  const double before = std::exp(into.log_paths - high);
  const double added = std::exp(from.log_paths - high);
  const double share = added / (before + added);
  into.log_paths = high + std::log(before + added);
  for (std::size_t s = 0; s < into.counts.size(); ++s) {
    Count& count = into.counts[s];
    const Count& other = from.counts[s];
    count.mean += share * (other.mean - count.mean);
    count.square += share * (other.square - count.square);
    count.least = std::min(count.least, other.least);
    count.most = std::max(count.most, other.most);
  }
}

}  // namespace

std::vector<double> path_features(const Architecture& architecture) {
  std::vector<Reached> reached(static_cast<std::size_t>(architecture.size()));
  reached[0].log_paths = 0;
  for (Count& count : reached[0].counts) count.least = 0;
  for (int v = 1; v < architecture.size(); ++v) {
    Reached& at = reached[static_cast<std::size_t>(v)];
    for (const int from : architecture.inputs(v)) {
      // A `none` edge of a cell carries no signal unless all edges of the vertex are `none`.
      if (std::holds_alternative<Zero>(architecture.op(from)) && architecture.in_degree(v) > 1) continue;
      join(at, reached[static_cast<std::size_t>(from)]);
    }
    const int step = step_of(architecture.op(v));
    if (step < 0) continue;
    Count& count = at.counts[static_cast<std::size_t>(step)];
    count.square += 2 * count.mean + 1;
    count.mean += 1;
    count.least += 1;
    count.most += 1;
  }
  const Reached& end = reached[static_cast<std::size_t>(architecture.output())];
  std::vector<double> features = {end.log_paths};
  for (const Count& count : end.counts) {
    const double deviation = std::sqrt(std::max(0.0, count.square - count.mean * count.mean));
    for (const double value : {count.mean, deviation, count.least, count.most}) {
      features.push_back(std::log2(1 + value));
    }
  }
  return features;
}

const std::vector<std::string>& path_feature_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result = {"log_paths"};
    for (const char* step : kStepNames) {
      for (const char* what : {"mean", "deviation", "least", "most"}) {
        result.push_back(std::string("path_") + step + "_" + what);
      }
    }
    return result;
  }();
  return names;
}

}  // namespace gensynth::features
