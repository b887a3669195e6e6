#include "inquisitor/surrogate/acquisition.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "inquisitor/assessment/expected_improvement.hpp"

namespace gensynth::surrogate {
namespace {

constexpr double kPatience = 20;
constexpr double kMaxInflation = 4;
/// Puts every rejected candidate below every other one.
constexpr double kRejected = -1e6;
/// Probabilities of feasibility below this are treated alike, so that the logarithm stays finite.
constexpr double kMinFeasibility = 1e-3;

double improvement_of_u(const CandidatePrediction& prediction, const CandidateModels& models, double inflation) {
  const double incumbent = models.incumbent().value_or(prediction.u);
  const double decibels = models.decibels_per_decade();
  if (decibels <= 0) return std::max(0.0, prediction.u - incumbent);
  // The prediction is Gaussian in transformed units, so the accuracy that would reach the incumbent is compared there.
  const TargetTransform& transform = models.accuracy().transform();
  const GaussianPrediction& accuracy = *prediction.accuracy;
  const double needed = transform(transform.inverse(accuracy.mean) + (incumbent - prediction.u) / decibels);
  return decibels * transform.slope(needed) *
         assessment::expected_improvement(accuracy.mean, inflation * accuracy.deviation, needed);
}

}  // namespace

double expected_value(const CandidatePrediction& prediction) {
  return prediction.u + 20 * std::log10(std::max(prediction.feasibility, kMinFeasibility));
}

double uncertainty_inflation(std::size_t since_best) {
  return std::min(kMaxInflation, 1 + std::max(0.0, static_cast<double>(since_best) - kPatience / 2) / kPatience);
}

void Acquisition::observe(const Observation& observation) {
  if (!observation.feasible || !observation.accuracy || !observation.latency_ms) return;
  slowest_ms_ = std::max(slowest_ms_, *observation.latency_ms);
  lowest_accuracy_ = std::min(lowest_accuracy_, *observation.accuracy);
  front_.add(*observation.latency_ms, *observation.accuracy);
}

double Acquisition::hypervolume_improvement(const CandidatePrediction& prediction, const TargetTransform& transform,
                                            double inflation) const {
  const std::optional<double> latency = prediction.assessment.metrics.value("latency_ms");
  if (!latency) return 0;
  const double mean = prediction.accuracy->mean;
  const double accuracy = std::pow(10, transform.inverse(mean));
  const double deviation =
      std::numbers::ln10 * accuracy * inflation * (transform.slope(mean) * prediction.accuracy->deviation);
  return front_.expected_hypervolume_improvement(*latency, accuracy, deviation, slowest_ms_, lowest_accuracy_);
}

void Acquisition::evaluate(std::vector<CandidatePrediction>& predictions, const CandidateModels& models,
                           double inflation) const {
  for (CandidatePrediction& prediction : predictions) {
    if (prediction.assessment.rejected()) {
      prediction.acquisition = kRejected * prediction.assessment.distance_to_feasible();
      continue;
    }
    if (prediction.accuracy) {
      prediction.expected_hypervolume_improvement =
          hypervolume_improvement(prediction, models.accuracy().transform(), inflation) * prediction.feasibility;
      prediction.acquisition = improvement_of_u(prediction, models, inflation);
    }
    if (models.exact()) {
      prediction.acquisition = expected_value(prediction) - models.incumbent().value_or(0);
      continue;
    }
    if (!models.constraints().fitted()) continue;
    prediction.acquisition =
        models.incumbent() ? prediction.acquisition * prediction.feasibility : prediction.feasibility;
  }
}

}  // namespace gensynth::surrogate
