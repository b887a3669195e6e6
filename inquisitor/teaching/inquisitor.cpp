#include "inquisitor/teaching/inquisitor.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>

#include "architecture/base/error.hpp"
#include "architecture/refinement.hpp"
#include "inquisitor/assessment/expected_improvement.hpp"

namespace gensynth::teaching {
namespace {

/// The model is fitted to at most so many: its cost grows with the cube, what more of them would tell does not.
constexpr std::size_t kRowsToLearn = 800;
/// Candidates of the space that the model's inputs are standardised over.
constexpr int kReferenceSamples = 64;
/// So many of the best measured may be what is believed best.
constexpr std::size_t kInQuestion = 10;
/// So many of the best evaluated candidates are examples to the generator.
constexpr std::size_t kRemembered = 8;
/// Trials without a new best that double the doubt, and the most that it grows to: a model that keeps promising what
/// does not come is too sure of itself.
constexpr double kPatience = 20;
constexpr double kMostDoubt = 4;
/// Infeasible candidates rank below every feasible one, by how far they are from feasible.
constexpr double kInfeasible = -1e6;

std::uint64_t fingerprint(const space::Genotype& genotype) {
  std::uint64_t result = genotype.size();
  for (const int answer : genotype) result = mix(result, static_cast<std::uint64_t>(answer));
  return result;
}

}  // namespace

Inquisitor::Inquisitor(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
                       const assessment::UniversalPerformance& u, TeachingOptions options,
                       std::shared_ptr<const surrogate::CandidateCache> cache)
    : space_(space),
      performance_(u),
      options_(options),
      cache_(cache ? std::move(cache) : std::make_shared<const surrogate::CandidateCache>(space, assessor)) {}

void Inquisitor::observe(Observation observation) {
  if (observation.u && observation.feasible && (!best_u_ || *observation.u > *best_u_)) {
    best_u_ = observation.u;
    best_at_ = observations_.size();
  }
  if (observation.feasible && observation.accuracy && observation.latency_ms) {
    slowest_ms_ = std::max(slowest_ms_, *observation.latency_ms);
    lowest_ = std::min(lowest_, *observation.accuracy);
    front_.add(*observation.latency_ms, *observation.accuracy);
  }
  const std::size_t index = observations_.size();
  known_.emplace(fingerprint(observation.genotype), index);
  observations_.push_back(std::move(observation));
  stale_ = true;
  if (const Observation& seen = observations_.back(); seen.feasible && seen.u) {
    const auto behind = std::find_if(remembered_.begin(), remembered_.end(),
                                     [&](std::size_t other) { return *seen.u > *observations_[other].u; });
    remembered_.insert(behind, index);
    remembered_.resize(std::min(remembered_.size(), kRemembered));
  }
}

bool Inquisitor::knows(const space::Genotype& genotype) const {
  const auto [first, last] = known_.equal_range(fingerprint(genotype));
  return std::any_of(first, last, [&](const auto& entry) { return observations_[entry.second].genotype == genotype; });
}

std::vector<std::size_t> Inquisitor::rows_to_learn() const {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < observations_.size(); ++i) {
    if (observations_[i].accuracy || !observations_[i].margins.empty()) rows.push_back(i);
  }
  if (rows.size() <= kRowsToLearn) return rows;
  // The best half by what counts, and the rest evenly over the whole search.
  const auto value = [&](std::size_t i) { return observations_[i].u.value_or(-1e9); };
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return value(a) > value(b); });
  std::vector<std::size_t> chosen(rows.begin(), rows.begin() + kRowsToLearn / 2);
  std::vector<std::size_t> others(rows.begin() + kRowsToLearn / 2, rows.end());
  std::sort(others.begin(), others.end());
  const std::size_t wanted = kRowsToLearn - chosen.size();
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(others[i * others.size() / wanted]);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

void Inquisitor::learn() {
  if (!stale_) return;
  stale_ = false;
  const std::vector<std::size_t> chosen = rows_to_learn();
  if (chosen.size() < kObservationsToBelieve) return;
  if (rows_.empty()) {
    Rng rng(derive_seed(0, 0, "reference"));
    std::vector<std::vector<double>> reference;
    for (int i = 0; i < kReferenceSamples; ++i) {
      const space::Genotype genotype = space_.sample(rng);
      reference.push_back(features::describe(space_, genotype, space_.build(genotype)).values);
    }
    measured_.set_reference(reference);
    surrogate_.set_reference(std::move(reference));
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
    const space::Genotype& genotype = observations_[fresh[i]].genotype;
    rows.at(fresh[i]) = features::describe(space_, genotype, space_.build(genotype));
  });
  std::vector<std::size_t> with_accuracy;
  std::vector<surrogate::MeasuredConstraints::Row> with_margins;
  for (const std::size_t i : chosen) {
    const Observation& seen = observations_[i];
    if (seen.accuracy) with_accuracy.push_back(i);
    if (!seen.margins.empty()) with_margins.push_back({&rows.at(i), &seen.margins});
  }
  rows_ = std::move(rows);
  measured_.learn(with_margins);
  if (with_accuracy.size() >= kObservationsToBelieve) learn_accuracy(with_accuracy);
}

void Inquisitor::learn_accuracy(const std::vector<std::size_t>& rows) {
  std::vector<const features::Description*> descriptions;
  std::vector<double> targets;
  for (const std::size_t i : rows) {
    descriptions.push_back(&rows_.at(i));
    targets.push_back(std::log10(std::max(*observations_[i].accuracy, 0.1)));
  }
  surrogate_.learn(descriptions, targets);
  const std::vector<double> smoothed = surrogate_.smoothed();
  // A model that takes too much for noise must not make the worst the best: only what measured well is in question.
  std::vector<double> measured;
  for (const std::size_t i : rows) {
    if (observations_[i].feasible && observations_[i].u) measured.push_back(*observations_[i].u);
  }
  std::sort(measured.rbegin(), measured.rend());
  const double enough = measured.empty() ? 0 : measured[std::min(measured.size(), kInQuestion) - 1];
  incumbent_.reset();
  believed_best_.reset();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Observation& seen = observations_[rows[i]];
    if (!seen.feasible || !seen.u) continue;
    const double expected = *seen.u + 20 * performance_.alpha * (smoothed[i] - targets[i]);
    if (*seen.u < enough || (incumbent_ && !(expected > *incumbent_))) continue;
    incumbent_ = expected;
    believed_best_ = rows[i];
  }
  if (incumbent_) incumbent_ = std::min(*incumbent_, best_u_.value_or(*incumbent_));
}

double Inquisitor::doubt() const {
  const auto since_best = static_cast<double>(observations_.size() - best_at_);
  return std::min(kMostDoubt, 1 + std::max(0.0, since_best - kPatience / 2) / kPatience);
}

std::optional<std::int64_t> Inquisitor::believed_best() {
  learn();
  if (!believed_best_) return std::nullopt;
  return observations_[*believed_best_].trial;
}

std::vector<CandidatePrediction> Inquisitor::look_at(const std::vector<space::Genotype>& genotypes) const {
  std::vector<std::shared_ptr<const surrogate::Candidate>> candidates(genotypes.size());
  std::vector<CandidatePrediction> beliefs(genotypes.size());
  oneapi::tbb::parallel_for(std::size_t{0}, genotypes.size(), [&](std::size_t i) {
    CandidatePrediction& belief = beliefs[i];
    candidates[i] = cache_->get(genotypes[i]);
    belief.genotype = genotypes[i];
    belief.assessment = candidates[i]->assessment;
    if (!belief.assessment.rejected()) return;
    // Rejected by the cheap stage, it was never measured by the dear one: further away than any that was.
    const double unseen = belief.assessment.stage == "graph" ? 1.0 : 0.0;
    belief.merit = kInfeasible * (1 + unseen + belief.assessment.hard_violation());
  });
  std::vector<const features::Description*> descriptions;
  std::vector<CandidatePrediction*> open;  // what is not rejected yet
  for (std::size_t i = 0; i < beliefs.size(); ++i) {
    if (beliefs[i].assessment.rejected()) continue;
    descriptions.push_back(&candidates[i]->description);
    open.push_back(&beliefs[i]);
  }
  const std::vector<surrogate::FeasibilityPrediction> outlooks = measured_.predict(descriptions);
  if (surrogate_.fitted()) believe_in_accuracy(descriptions, outlooks, open);
  if (!measured_.fitted()) return beliefs;
  for (std::size_t i = 0; i < open.size(); ++i) {
    CandidatePrediction& belief = *open[i];
    belief.feasibility = outlooks[i].probability;
    belief.merit = incumbent_ ? belief.merit * belief.feasibility : belief.feasibility;
    belief.expected_hypervolume_improvement *= belief.feasibility;
  }
  return beliefs;
}

void Inquisitor::believe_in_accuracy(const std::vector<const features::Description*>& descriptions,
                                     const std::vector<surrogate::FeasibilityPrediction>& outlooks,
                                     const std::vector<CandidatePrediction*>& of) const {
  const std::vector<surrogate::GaussianPrediction> guesses = surrogate_.predict(descriptions);
  const surrogate::TargetTransform& warp = surrogate_.warp();
  const double doubt = this->doubt();
  const double decibels = 20 * performance_.alpha;  // of U for each power of ten of accuracy
  for (std::size_t i = 0; i < of.size(); ++i) {
    CandidatePrediction& belief = *of[i];
    const surrogate::GaussianPrediction& guess = guesses[i];
    const double expected = warp.inverse(guess.mean);
    belief.u = performance_.score(belief.assessment.metrics, belief.assessment.verdicts, std::pow(10, expected)) -
               outlooks[i].penalty;
    const double spread = warp.slope(guess.mean) * guess.deviation;  // of the logarithm
    belief.deviation = decibels * spread;
    if (const std::optional<double> latency = belief.assessment.metrics.value("latency_ms"); latency) {
      const double accuracy = std::pow(10, expected);
      belief.expected_hypervolume_improvement = front_.expected_gain(
          *latency, accuracy, std::numbers::ln10 * accuracy * doubt * spread, slowest_ms_, std::min(lowest_, 100.0));
    }
    if (decibels <= 0) {
      belief.merit = std::max(0.0, belief.u - incumbent_.value_or(belief.u));
      continue;
    }
    // The accuracy that it would need to be the best, in the units in which the belief is Gaussian.
    const double needed = warp(expected + (incumbent_.value_or(belief.u) - belief.u) / decibels);
    belief.merit =
        decibels * warp.slope(needed) * assessment::expected_improvement(guess.mean, doubt * guess.deviation, needed);
  }
}

nlohmann::json Inquisitor::state() const {
  return {{"accuracy", surrogate_.state()}, {"constraints", measured_.state()}};
}

void Inquisitor::restore(const nlohmann::json& state) {
  surrogate_.restore(state.at("accuracy"));
  measured_.restore(state.at("constraints"));
  stale_ = true;  // the model is fitted again with these parameters
}

}  // namespace gensynth::teaching
