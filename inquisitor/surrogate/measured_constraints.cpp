#include "inquisitor/surrogate/measured_constraints.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

namespace gensynth::surrogate {
namespace {

/// Target of a constraint that is met with no margin (a yes-or-no verdict), in transformed units: as far on this side
/// of the bound as the median violation, asinh(1), is on the other, so that the probability of one half lies between.
constexpr double kBinaryMargin = 0.881374;
/// Abscissas and weights of the expectation over a normal distribution (Gauss-Hermite, five points; Abramowitz and
/// Stegun 1964, table 25.10, for a density of unit variance).
constexpr double kAbscissas[] = {-2.856970, -1.355626, 0, 1.355626, 2.856970};
constexpr double kWeights[] = {0.01125741, 0.22207592, 0.53333333, 0.22207592, 0.01125741};

double scale_of(const std::vector<double>& excesses) {
  std::vector<double> sizes;
  for (const double excess : excesses) {
    if (excess != 0) sizes.push_back(std::abs(excess));
  }
  if (sizes.empty()) return 1;
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  return *middle;
}

/// Probability that a measurement, including its noise, meets the bound.
double probability_to_meet(const GaussianPrediction& guess, double deviation) {
  return 0.5 * std::erfc(guess.mean / (deviation * std::numbers::sqrt2));
}

double target_of(double excess, double scale) { return excess == 0 ? -kBinaryMargin : std::asinh(excess / scale); }

}  // namespace

ConstraintObservation constraint_observation(const constraints::Verdict& verdict) {
  ConstraintObservation observation{verdict.constraint, verdict.hard, verdict.weight, 0};
  if (!verdict.satisfied) {
    observation.excess = verdict.relative_violation();
  } else {
    const double margin = std::abs(verdict.measured - verdict.bound);
    observation.excess = -(verdict.bound == 0 ? margin : margin / std::abs(verdict.bound));
  }
  constexpr double kMaxExcess = 1e6;
  if (!std::isfinite(observation.excess)) observation.excess = verdict.satisfied ? 0 : kMaxExcess;
  observation.excess = std::clamp(observation.excess, -kMaxExcess, kMaxExcess);
  return observation;
}

void MeasuredConstraints::fit(const std::vector<Row>& rows) {
  struct Targets {
    std::vector<const features::Description*> descriptions;
    std::vector<double> excesses;
  };
  std::map<std::string, Targets> by_constraint;
  for (const Row& row : rows) {
    for (const ConstraintObservation& observation : *row.observations) {
      Targets& of = by_constraint[observation.constraint];
      of.descriptions.push_back(row.description);
      of.excesses.push_back(observation.excess);
      Model& model = models_[observation.constraint];
      model.hard = observation.hard;
      model.weight = observation.weight;
    }
  }
  for (const auto& [name, of] : by_constraint) {
    Model& model = models_.at(name);
    model.evaluated = static_cast<int>(of.excesses.size());
    if (of.excesses.size() < kMinObservations) continue;
    model.scale = scale_of(of.excesses);
    std::vector<double> targets;
    for (const double excess : of.excesses) targets.push_back(target_of(excess, model.scale));
    const int steps = steps_of_search(model.searched_with, targets.size());
    if (steps > 0) model.searched_with = targets.size();
    model.process.set_reference(reference_);
    model.process.fit(of.descriptions, targets, steps);
  }
}

bool MeasuredConstraints::fitted() const {
  return std::any_of(models_.begin(), models_.end(), [](const auto& entry) { return entry.second.process.fitted(); });
}

std::vector<FeasibilityPrediction> MeasuredConstraints::predict(
    const std::vector<const features::Description*>& candidates) const {
  std::vector<FeasibilityPrediction> result(candidates.size());
  for (const auto& [name, model] : models_) {
    if (!model.process.fitted()) continue;
    const std::vector<GaussianPrediction> guesses = model.process.predict(candidates);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const double deviation = std::hypot(guesses[i].deviation, model.process.noise());
      if (model.hard) {
        result[i].probability *= probability_to_meet(guesses[i], deviation);
        continue;
      }
      double excess = 0;
      for (std::size_t point = 0; point < std::size(kAbscissas); ++point) {
        const double at = guesses[i].mean + deviation * kAbscissas[point];
        excess += kWeights[point] * std::max(0.0, model.scale * std::sinh(at));
      }
      result[i].penalty += model.weight * excess;
    }
  }
  return result;
}

std::vector<std::vector<ConstraintPrediction>> MeasuredConstraints::by_constraint(
    const std::vector<const features::Description*>& candidates) const {
  std::vector<std::vector<ConstraintPrediction>> result(candidates.size());
  for (const auto& [name, model] : models_) {
    if (!model.process.fitted()) continue;
    const std::vector<GaussianPrediction> guesses = model.process.predict(candidates);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const double deviation = std::hypot(guesses[i].deviation, model.process.noise());
      result[i].push_back({name, model.hard, probability_to_meet(guesses[i], deviation),
                           model.scale * std::sinh(guesses[i].mean), model.evaluated});
    }
  }
  return result;
}

nlohmann::json MeasuredConstraints::state() const {
  nlohmann::json result = nlohmann::json::object();
  for (const auto& [name, model] : models_) {
    result[name] = {{"parameters", model.process.parameters()}, {"searched_with", model.searched_with}};
  }
  return result;
}

void MeasuredConstraints::restore(const nlohmann::json& state) {
  for (const auto& [name, entry] : state.items()) {
    Model& model = models_[name];
    model.process.set_parameters(entry.at("parameters").get<std::vector<double>>());
    model.searched_with = entry.at("searched_with").get<std::size_t>();
  }
}

}  // namespace gensynth::surrogate
