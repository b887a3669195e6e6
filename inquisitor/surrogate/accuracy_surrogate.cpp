#include "inquisitor/surrogate/accuracy_surrogate.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace gensynth::surrogate {
namespace {

/// Of the distance from the median to the best: below that, differences begin to count less.
constexpr double kWarpShare = 0.3;

}  // namespace

TargetTransform::TargetTransform(const std::vector<double>& targets) {
  std::vector<double> sorted = targets;
  std::sort(sorted.begin(), sorted.end());
  best_ = sorted.back();
  const double spread = kWarpShare * (best_ - sorted[sorted.size() / 2]);
  const double range = best_ - sorted.front();
  scale_ = spread > 1e-9 ? spread : range > 1e-9 ? kWarpShare * range : 1;
}

double TargetTransform::operator()(double target) const {
  const double x = (target - best_) / scale_;
  return x < 0 ? std::asinh(x) : x;
}

double TargetTransform::inverse(double warped) const {
  return best_ + scale_ * (warped < 0 ? std::sinh(warped) : warped);
}

double TargetTransform::slope(double warped) const { return scale_ * (warped < 0 ? std::cosh(warped) : 1); }

void AccuracySurrogate::learn(const std::vector<const features::Description*>& rows,
                              const std::vector<double>& log_accuracies) {
  warp_ = TargetTransform(log_accuracies);
  std::vector<double> targets;
  for (const double value : log_accuracies) targets.push_back(warp_(value));
  const int steps = steps_of_search(searched_with_, rows.size());
  if (steps > 0) searched_with_ = rows.size();
  process_.fit(rows, targets, steps);
}

std::vector<double> AccuracySurrogate::smoothed() const {
  std::vector<double> result = process_.smoothed();
  for (double& value : result) value = warp_.inverse(value);
  return result;
}

nlohmann::json AccuracySurrogate::state() const {
  return {{"parameters", process_.parameters()}, {"searched_with", searched_with_}};
}

void AccuracySurrogate::restore(const nlohmann::json& state) {
  process_.set_parameters(state.at("parameters").get<std::vector<double>>());
  searched_with_ = state.at("searched_with").get<std::size_t>();
}

}  // namespace gensynth::surrogate
