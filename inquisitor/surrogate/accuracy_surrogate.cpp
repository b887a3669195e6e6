#include "inquisitor/surrogate/accuracy_surrogate.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace gensynth::surrogate {
namespace {

/// Scale of the transform as a share of the distance from the (upper) median to the best target.
constexpr double kLinearShare = 0.3;

}  // namespace

TargetTransform::TargetTransform(const std::vector<double>& targets) {
  std::vector<double> sorted = targets;
  std::sort(sorted.begin(), sorted.end());
  best_ = sorted.back();
  const double spread = kLinearShare * (best_ - sorted[sorted.size() / 2]);
  const double range = best_ - sorted.front();
  scale_ = spread > 1e-9 ? spread : range > 1e-9 ? kLinearShare * range : 1;
}

double TargetTransform::operator()(double target) const {
  const double x = (target - best_) / scale_;
  return x < 0 ? std::asinh(x) : x;
}

double TargetTransform::inverse(double transformed) const {
  return best_ + scale_ * (transformed < 0 ? std::sinh(transformed) : transformed);
}

double TargetTransform::slope(double transformed) const {
  return scale_ * (transformed < 0 ? std::cosh(transformed) : 1);
}

void AccuracySurrogate::fit(const std::vector<const features::Description*>& rows,
                            const std::vector<double>& log_accuracies, const std::vector<std::size_t>& identities,
                            std::size_t base) {
  transform_ = TargetTransform(log_accuracies);
  std::vector<double> targets;
  for (const double value : log_accuracies) targets.push_back(transform_(value));
  const int steps = steps_of_search(searched_with_, rows.size());
  if (steps > 0) searched_with_ = rows.size();
  if (steps > 0 || base == 0) base = searched_with_;
  base = std::clamp<std::size_t>(base, std::min<std::size_t>(2, rows.size()), rows.size());
  const bool grown = steps == 0 && !identities.empty() && base == held_base_ && held_.size() <= identities.size() &&
                     held_.size() >= base && std::equal(held_.begin(), held_.end(), identities.begin());
  std::size_t fitted = held_.size();
  if (!grown) {
    const auto count = static_cast<std::ptrdiff_t>(base);
    const bool whole = base == rows.size() || rows.size() != targets.size();
    process_.fit(whole ? rows : std::vector(rows.begin(), rows.begin() + count),
                 whole ? targets : std::vector(targets.begin(), targets.begin() + count), steps);
    fitted = base;
  }
  process_.extend({rows.begin() + static_cast<std::ptrdiff_t>(fitted), rows.end()}, targets);
  held_ = identities;
  held_base_ = base;
}

std::vector<double> AccuracySurrogate::smoothed() const {
  std::vector<double> result = process_.smoothed();
  for (double& value : result) value = transform_.inverse(value);
  return result;
}

nlohmann::json AccuracySurrogate::state() const {
  return {{"parameters", process_.parameters()}, {"searched_with", searched_with_}};
}

void AccuracySurrogate::restore(const nlohmann::json& state) {
  process_.set_parameters(state.at("parameters").get<std::vector<double>>());
  searched_with_ = state.at("searched_with").get<std::size_t>();
  held_.clear();
  held_base_ = 0;
}

}  // namespace gensynth::surrogate
