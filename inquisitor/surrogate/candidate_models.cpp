#include "inquisitor/surrogate/candidate_models.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace gensynth::surrogate {
namespace {

/// Random candidates of the space, over which the inputs of the models are standardised.
constexpr int kReferenceSamples = 64;

}  // namespace

CandidateModels::CandidateModels(const space::SearchSpace& space, const assessment::UniversalPerformance& performance,
                                 AccuracySource source)
    : space_(space), performance_(performance), source_(source) {}

void CandidateModels::describe_rows(const ObservationHistory& history, const std::vector<std::size_t>& chosen) {
  if (rows_.empty()) {
    Rng rng(derive_seed(0, 0, "reference"));
    std::vector<std::vector<double>> reference;
    for (int i = 0; i < kReferenceSamples; ++i) {
      const space::Genotype genotype = space_.sample(rng);
      reference.push_back(features::describe(space_, genotype, space_.build(genotype)).values);
    }
    constraints_.set_reference(reference);
    accuracy_.set_reference(std::move(reference));
  }
  std::map<std::size_t, features::Description> rows;
  std::vector<std::size_t> fresh;
  for (const std::size_t i : chosen) {
    if (auto node = rows_.extract(i)) {
      rows.insert(std::move(node));
    } else {
      rows.try_emplace(i);
      fresh.push_back(i);
    }
  }
  oneapi::tbb::parallel_for(std::size_t{0}, fresh.size(), [&](std::size_t i) {
    const space::Genotype& genotype = history.all()[fresh[i]].genotype;
    rows.at(fresh[i]) = features::describe(space_, genotype, space_.build(genotype));
  });
  rows_ = std::move(rows);
}

void CandidateModels::fit(const ObservationHistory& history) {
  const ObservationHistory::TrainingRows& training = history.training_rows();
  std::vector<std::size_t> chosen = training.rows;
  if (exact()) {
    find_exact_best(history);
    chosen.erase(std::remove_if(chosen.begin(), chosen.end(),
                                [&](std::size_t i) { return history.all()[i].constraints.empty(); }),
                 chosen.end());
  }
  if (chosen.size() < kMinAccuracyObservations) return;
  describe_rows(history, chosen);
  std::vector<std::size_t> with_accuracy;
  std::vector<MeasuredConstraints::Row> with_constraints;
  for (const std::size_t i : chosen) {
    const Observation& observation = history.all()[i];
    if (observation.accuracy && !exact()) with_accuracy.push_back(i);
    if (!observation.constraints.empty()) with_constraints.push_back({&rows_.at(i), &observation.constraints});
  }
  constraints_.fit(with_constraints);
  if (with_accuracy.size() < kMinAccuracyObservations) return;
  const auto base =
      std::count_if(training.rows.begin(), training.rows.begin() + static_cast<std::ptrdiff_t>(training.base),
                    [&](std::size_t i) { return history.all()[i].accuracy.has_value(); });
  fit_accuracy(history, with_accuracy, static_cast<std::size_t>(base));
}

void CandidateModels::fit_accuracy(const ObservationHistory& history, const std::vector<std::size_t>& rows,
                                   std::size_t base) {
  std::vector<const features::Description*> descriptions;
  std::vector<double> targets;
  std::vector<double> measured;  // U of the feasible observations
  for (const std::size_t i : rows) {
    const Observation& observation = history.all()[i];
    descriptions.push_back(&rows_.at(i));
    targets.push_back(std::log10(std::max(*observation.accuracy, 0.1)));
    if (observation.feasible && observation.u) measured.push_back(*observation.u);
  }
  accuracy_.fit(descriptions, targets, rows, base);
  const std::vector<double> smoothed = accuracy_.smoothed();
  std::sort(measured.rbegin(), measured.rend());
  const double least =
      measured.empty() ? 0 : measured[std::min<std::size_t>(measured.size(), kExpectedBestCandidates) - 1];
  expected_best_.reset();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Observation& observation = history.all()[rows[i]];
    if (!observation.feasible || !observation.u || *observation.u < least) continue;
    const double expected = *observation.u + decibels_per_decade() * (smoothed[i] - targets[i]);
    if (!expected_best_ || expected > expected_best_->u) expected_best_ = ExpectedBest{rows[i], expected};
  }
  incumbent_.reset();
  if (expected_best_) incumbent_ = std::min(expected_best_->u, history.best_u().value_or(expected_best_->u));
}

void CandidateModels::find_exact_best(const ObservationHistory& history) {
  expected_best_.reset();
  if (!history.best().empty()) expected_best_ = ExpectedBest{history.best().front(), *history.best_u()};
  incumbent_ = history.best_u();
}

std::vector<CandidatePrediction> CandidateModels::predict(
    const std::vector<space::Genotype>& genotypes,
    const std::vector<std::shared_ptr<const Candidate>>& candidates) const {
  std::vector<CandidatePrediction> predictions(genotypes.size());
  std::vector<const features::Description*> descriptions;
  std::vector<CandidatePrediction*> accepted;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    predictions[i].genotype = genotypes[i];
    predictions[i].assessment = candidates[i]->assessment;
    if (predictions[i].assessment.rejected()) continue;
    descriptions.push_back(&candidates[i]->description);
    accepted.push_back(&predictions[i]);
  }
  const std::vector<FeasibilityPrediction> feasibility = constraints_.predict(descriptions);
  for (std::size_t i = 0; i < accepted.size(); ++i) accepted[i]->feasibility = feasibility[i].probability;
  for (std::size_t i = 0; i < accepted.size() && exact(); ++i) {
    CandidatePrediction& prediction = *accepted[i];
    const assessment::Assessment& known = prediction.assessment;
    const double accuracy = known.metrics.at(performance_.accuracy).taken();
    prediction.accuracy = GaussianPrediction{accuracy_.transform()(std::log10(std::max(accuracy, 0.1))), 0};
    prediction.u = performance_.score(known.metrics, known.verdicts) - feasibility[i].penalty;
  }
  if (accuracy_.fitted()) predict_u(descriptions, feasibility, accepted);
  return predictions;
}

void CandidateModels::predict_u(const std::vector<const features::Description*>& descriptions,
                                const std::vector<FeasibilityPrediction>& feasibility,
                                const std::vector<CandidatePrediction*>& predictions) const {
  const std::vector<GaussianPrediction> accuracies = accuracy_.predict(descriptions);
  const TargetTransform& transform = accuracy_.transform();
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    CandidatePrediction& prediction = *predictions[i];
    prediction.accuracy = accuracies[i];
    const double accuracy = std::pow(10, transform.inverse(accuracies[i].mean));
    prediction.u = performance_.score(prediction.assessment.metrics, prediction.assessment.verdicts, accuracy) -
                   feasibility[i].penalty;
    prediction.u_deviation = decibels_per_decade() * (transform.slope(accuracies[i].mean) * accuracies[i].deviation);
  }
}

nlohmann::json CandidateModels::state() const {
  return {{"accuracy", accuracy_.state()}, {"constraints", constraints_.state()}};
}

void CandidateModels::restore(const nlohmann::json& state) {
  accuracy_.restore(state.at("accuracy"));
  constraints_.restore(state.at("constraints"));
}

}  // namespace gensynth::surrogate
