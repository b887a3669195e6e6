#include "inquisitor/inquisitor.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <nlohmann/json.hpp>

namespace gensynth::inquisitor {

Inquisitor::Inquisitor(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
                       const assessment::UniversalPerformance& performance, teaching::TeachingOptions options,
                       std::shared_ptr<const surrogate::CandidateCache> cache, surrogate::AccuracySource source)
    : options_(options),
      cache_(cache ? std::move(cache) : std::make_shared<const surrogate::CandidateCache>(space, assessor)),
      models_(space, performance, source) {}

void Inquisitor::observe(surrogate::Observation observation) {
  acquisition_.observe(observation);
  history_.add(std::move(observation));
  stale_ = true;
}

void Inquisitor::fit() {
  if (!stale_) return;
  stale_ = false;
  models_.fit(history_);
}

std::vector<surrogate::CandidatePrediction> Inquisitor::predict(const std::vector<space::Genotype>& genotypes) const {
  std::vector<std::shared_ptr<const surrogate::Candidate>> candidates(genotypes.size());
  const bool describe = models_.needs_descriptions();
  oneapi::tbb::parallel_for(std::size_t{0}, genotypes.size(),
                            [&](std::size_t i) { candidates[i] = cache_->get(genotypes[i], describe); });
  std::vector<surrogate::CandidatePrediction> predictions = models_.predict(genotypes, candidates);
  acquisition_.evaluate(predictions, models_, uncertainty_inflation());
  return predictions;
}

modes::Evaluate Inquisitor::evaluator(double caution) const {
  return [this, caution](const std::vector<space::Genotype>& genotypes) {
    std::vector<std::optional<double>> values(genotypes.size());
    const std::vector<surrogate::CandidatePrediction> predictions = predict(genotypes);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const surrogate::CandidatePrediction& prediction = predictions[i];
      if (prediction.assessment.rejected() || !prediction.accuracy) continue;
      values[i] = surrogate::expected_value(prediction) - caution * prediction.u_deviation;
    }
    return values;
  };
}

teaching::TeachingResult Inquisitor::teach(const distribution::Generator& generator, Rng& rng) {
  fit();
  teaching::TeachingInput input;
  input.predict = [this](const std::vector<space::Genotype>& genotypes) { return predict(genotypes); };
  input.check_feasibility = [this](const std::vector<space::Genotype>& genotypes) {
    std::vector<char> feasible(genotypes.size());
    oneapi::tbb::parallel_for(std::size_t{0}, genotypes.size(),
                              [&](std::size_t i) { feasible[i] = cache_->feasible(genotypes[i]) ? 1 : 0; });
    return feasible;
  };
  if (models_.exact() || models_.accuracy().fitted()) {
    for (const std::size_t i : history_.best()) input.best_evaluated.push_back(history_.all()[i].genotype);
  }
  input.models_fitted = models_.fitted();
  input.nothing_evaluated = history_.all().empty();
  return teaching::teach(generator, input, rng, options_);
}

nlohmann::json Inquisitor::state() const { return models_.state(); }

void Inquisitor::restore(const nlohmann::json& state) {
  models_.restore(state);
  stale_ = true;
}

}  // namespace gensynth::inquisitor
