#include "inquisitor/inquisitor.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>

#include "architecture/error.hpp"
#include "architecture/json_reader.hpp"
#include "architecture/refinement.hpp"
#include "inquisitor/expected_improvement.hpp"
#include "inquisitor/feasibility.hpp"

namespace gensynth {
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
/// Batches that teach feasibility alone are so many times larger.
constexpr int kFeasibilityBatch = 4;
/// The first lesson shows so many feasible networks, found among so many samples; fewer than a few show one kind only.
constexpr std::size_t kExamples = 32;
constexpr std::size_t kFewExamples = 4;
constexpr int kSamplesForExamples = 16'384;
/// Where this share of samples is feasible from the start, there is nothing to show.
constexpr double kMostlyFeasible = 0.9;
/// Infeasible candidates rank below every feasible one, by how far they are from feasible.
constexpr double kInfeasible = -1e6;

std::uint64_t fingerprint(const Genotype& genotype) {
  std::uint64_t result = genotype.size();
  for (const int answer : genotype) result = mix(result, static_cast<std::uint64_t>(answer));
  return result;
}

}  // namespace

Inquisitor::Inquisitor(const SearchSpace& space, const StructuralAssessor& assessor, const UniversalPerformance& u,
                       TeachingOptions options, std::shared_ptr<const CandidateCache> cache)
    : space_(space),
      performance_(u),
      options_(options),
      cache_(cache ? std::move(cache) : std::make_shared<const CandidateCache>(space, assessor)) {}

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

bool Inquisitor::knows(const Genotype& genotype) const {
  const auto [first, last] = known_.equal_range(fingerprint(genotype));
  return std::any_of(first, last, [&](const auto& entry) { return observations_[entry.second].genotype == genotype; });
}

std::vector<std::size_t> Inquisitor::rows_to_learn() const {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < observations_.size(); ++i) {
    if (observations_[i].accuracy) rows.push_back(i);
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
      const Genotype genotype = space_.sample(rng);
      reference.push_back(describe(space_, genotype, space_.build(genotype)).values);
    }
    surrogate_.set_reference(std::move(reference));
  }
  std::map<std::size_t, Description> rows;
  std::vector<const Description*> descriptions;
  std::vector<double> targets;
  for (const std::size_t i : chosen) {
    const Observation& seen = observations_[i];
    auto node = rows_.extract(i);
    if (node.empty()) {
      rows.emplace(i, describe(space_, seen.genotype, space_.build(seen.genotype)));
    } else {
      rows.insert(std::move(node));
    }
    descriptions.push_back(&rows.at(i));
    targets.push_back(std::log10(std::max(*seen.accuracy, 0.1)));
  }
  rows_ = std::move(rows);
  surrogate_.learn(descriptions, targets);
  const std::vector<double> smoothed = surrogate_.smoothed();
  // A model that takes too much for noise must not make the worst the best: only what measured well is in question.
  std::vector<double> measured;
  for (const std::size_t i : chosen) {
    if (observations_[i].feasible && observations_[i].u) measured.push_back(*observations_[i].u);
  }
  std::sort(measured.rbegin(), measured.rend());
  const double enough = measured.empty() ? 0 : measured[std::min(measured.size(), kInQuestion) - 1];
  incumbent_.reset();
  believed_best_.reset();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const Observation& seen = observations_[chosen[i]];
    if (!seen.feasible || !seen.u) continue;
    const double expected = *seen.u + 20 * performance_.alpha * (smoothed[i] - targets[i]);
    if (*seen.u < enough || (incumbent_ && !(expected > *incumbent_))) continue;
    incumbent_ = expected;
    believed_best_ = chosen[i];
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

std::vector<Belief> Inquisitor::look_at(const std::vector<Genotype>& genotypes) const {
  std::vector<std::shared_ptr<const Candidate>> candidates(genotypes.size());
  std::vector<Belief> beliefs(genotypes.size());
  oneapi::tbb::parallel_for(std::size_t{0}, genotypes.size(), [&](std::size_t i) {
    Belief& belief = beliefs[i];
    candidates[i] = cache_->get(genotypes[i]);
    belief.genotype = genotypes[i];
    belief.assessment = candidates[i]->assessment;
    if (!belief.assessment.rejected()) return;
    // Rejected by the cheap stage, it was never measured by the dear one: further away than any that was.
    const double unseen = belief.assessment.stage == "graph" ? 1.0 : 0.0;
    belief.merit = kInfeasible * (1 + unseen + belief.assessment.hard_violation());
  });
  if (!surrogate_.fitted()) return beliefs;
  std::vector<const Description*> feasible;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < beliefs.size(); ++i) {
    if (beliefs[i].assessment.rejected()) continue;
    feasible.push_back(&candidates[i]->description);
    places.push_back(i);
  }
  const std::vector<GaussianPrediction> guesses = surrogate_.predict(feasible);
  const Warp& warp = surrogate_.warp();
  const double doubt = this->doubt();
  const double decibels = 20 * performance_.alpha;  // of U for each power of ten of accuracy
  for (std::size_t i = 0; i < places.size(); ++i) {
    Belief& belief = beliefs[places[i]];
    const GaussianPrediction& guess = guesses[i];
    const double expected = warp.inverse(guess.mean);
    belief.u = performance_.score(belief.assessment.metrics, belief.assessment.verdicts, std::pow(10, expected));
    const double spread = warp.slope(guess.mean) * guess.deviation;  // of the logarithm
    belief.deviation = decibels * spread;
    if (const std::optional<double> latency = belief.assessment.metrics.value("latency_ms"); latency) {
      const double accuracy = std::pow(10, expected);
      belief.front_gain = front_.expected_gain(*latency, accuracy, std::numbers::ln10 * accuracy * doubt * spread,
                                               slowest_ms_, std::min(lowest_, 100.0));
    }
    if (decibels <= 0) {
      belief.merit = std::max(0.0, belief.u - incumbent_.value_or(belief.u));
      continue;
    }
    // The accuracy that it would need to be the best, in the units in which the belief is Gaussian.
    const double needed = warp(expected + (incumbent_.value_or(belief.u) - belief.u) / decibels);
    belief.merit = decibels * warp.slope(needed) * expected_improvement(guess.mean, doubt * guess.deviation, needed);
  }
  return beliefs;
}

GeneratorDelta Inquisitor::towards_the_best(const Generator& pupil, double step) const {
  GeneratorDelta delta;
  if (step <= 0) return delta;
  double weights = 0;  // 1, 1/2, 1/3, ...: by rank, so that the scale of U does not matter
  for (std::size_t i = 0; i < remembered_.size(); ++i) weights += 1 / static_cast<double>(i + 1);
  for (std::size_t i = 0; i < remembered_.size(); ++i) {
    const double share = 1 / (static_cast<double>(i + 1) * weights);
    delta += pupil.gradient(observations_[remembered_[i]].genotype, step * share);
  }
  return delta;
}

std::vector<char> Inquisitor::judge(const std::vector<Genotype>& genotypes) const {
  std::vector<char> feasible(genotypes.size());
  oneapi::tbb::parallel_for(std::size_t{0}, genotypes.size(), [&](std::size_t i) {
    feasible[i] = cache_->get(genotypes[i])->assessment.rejected() ? 0 : 1;
  });
  return feasible;
}

GeneratorDelta Inquisitor::first_lesson(const Generator& generator, Rng& rng) {
  const FeasibilityJudge by_cache = [this](const std::vector<Genotype>& genotypes) { return judge(genotypes); };
  std::vector<Genotype> sampled;
  for (int i = 0; i < options_.samples; ++i) sampled.push_back(generator.sample(rng()));
  if (feasible_share(judge(sampled)) >= kMostlyFeasible) return {};
  FeasibilityLesson lesson{4 * options_.rounds, kFeasibilityBatch * options_.samples, options_.step};
  lesson.examples = feasible_examples(generator, by_cache, rng, kExamples, kSamplesForExamples);
  if (lesson.examples.size() < kFewExamples) return {};
  examples_ = lesson.examples;
  return teach_feasibility(generator, by_cache, rng, lesson);
}

GeneratorDelta Inquisitor::teach(const Generator& generator, Rng& rng, std::vector<Belief>* looked_at) {
  learn();
  Generator pupil = generator;
  GeneratorDelta total;
  const auto apply = [&](const GeneratorDelta& delta) {
    pupil.apply(delta);
    total += delta;
  };
  examples_.clear();
  if (observations_.empty()) apply(first_lesson(pupil, rng));
  bool all_feasible = true;
  for (int round = 0; round < options_.rounds; ++round) {
    std::vector<Genotype> sampled;
    for (int i = 0; i < options_.samples; ++i) sampled.push_back(pupil.sample(rng()));
    std::vector<Belief> beliefs = look_at(sampled);
    std::stable_sort(beliefs.begin(), beliefs.end(),
                     [](const Belief& a, const Belief& b) { return a.merit > b.merit; });
    std::vector<char> feasible(beliefs.size());
    for (std::size_t i = 0; i < beliefs.size(); ++i) {
      sampled[i] = beliefs[i].genotype;
      feasible[i] = beliefs[i].assessment.rejected() ? 0 : 1;
    }
    const double share = feasible_share(feasible);
    std::size_t elite = std::max<std::size_t>(1, static_cast<std::size_t>(options_.elite_share * options_.samples));
    if (!surrogate_.fitted()) {
      // Nothing tells feasible candidates apart yet: where most are feasible, none needs to be likelier.
      if (share >= kMostlyFeasible) break;
      elite = std::max(elite, static_cast<std::size_t>(share * static_cast<double>(beliefs.size()) + 0.5));
    }
    const double remembered = surrogate_.fitted() ? options_.memory : 0;
    GeneratorDelta step = towards_the_best(pupil, options_.step * remembered);
    all_feasible = all_feasible && share == 1;
    step += towards_feasibility(pupil, sampled, feasible, options_.step);
    const double believed = options_.step * (1 - remembered) / static_cast<double>(elite);
    for (std::size_t i = 0; i < elite; ++i) step += pupil.gradient(sampled[i], believed);
    apply(step);
    apply(pupil.decay(options_.forgetting));
    if (looked_at == nullptr) continue;
    for (Belief& belief : beliefs) {
      if (!belief.assessment.rejected()) looked_at->push_back(std::move(belief));
    }
  }
  if (all_feasible) return total;
  // Forgetting gave back part of what feasibility had taught: nothing else is taught until it is there again.
  const FeasibilityLesson lesson{options_.rounds, kFeasibilityBatch * options_.samples, options_.step};
  total += teach_feasibility(
      pupil, [this](const std::vector<Genotype>& genotypes) { return judge(genotypes); }, rng, lesson);
  return total;
}

nlohmann::json Inquisitor::state() const { return surrogate_.state(); }

void Inquisitor::restore(const nlohmann::json& state) {
  surrogate_.restore(state);
  stale_ = true;  // the model is fitted again with these parameters
}

TeachingOptions teaching_options_from_json(const nlohmann::json& value, const std::string& source,
                                           const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  TeachingOptions options;
  options.rounds = static_cast<int>(reader.integer("rounds", 0, 1000, options.rounds));
  options.samples = static_cast<int>(reader.integer("samples", 4, 10'000, options.samples));
  options.elite_share = reader.number("elite_share", 0.01, 1, options.elite_share);
  options.step = reader.number("step", 0, 10, options.step);
  options.memory = reader.number("memory", 0, 1, options.memory);
  options.forgetting = reader.number("forgetting", 0, 0.9, options.forgetting);
  reader.finish();
  return options;
}

nlohmann::ordered_json to_json(const TeachingOptions& options) {
  return {{"rounds", options.rounds}, {"samples", options.samples}, {"elite_share", options.elite_share},
          {"step", options.step},     {"memory", options.memory},   {"forgetting", options.forgetting}};
}

}  // namespace gensynth
