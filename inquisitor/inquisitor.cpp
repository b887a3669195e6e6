#include "inquisitor/inquisitor.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>

#include "architecture/error.hpp"
#include "architecture/json_reader.hpp"
#include "inquisitor/features.hpp"

namespace gensynth {
namespace {

/// Fewer trained candidates than this say nothing about accuracy that the prior does not.
constexpr std::size_t kObservationsToBelieve = 6;
/// So many of the best evaluated candidates are examples to the generator.
constexpr std::size_t kRemembered = 8;
/// Infeasible candidates rank below every feasible one, by how far they are from feasible.
constexpr double kInfeasible = -1e6;

double expected_improvement(double mean, double deviation, double best) {
  if (deviation < 1e-9) return std::max(0.0, mean - best);
  const double z = (mean - best) / deviation;
  const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
  const double share = 0.5 * std::erfc(-z / std::numbers::sqrt2);
  return (mean - best) * share + deviation * density;
}

void accumulate(GeneratorDelta& sum, const GeneratorDelta& term) {
  for (const auto& [context, logits] : term.logits) {
    std::vector<double>& into = sum.logits[context];
    into.resize(std::max(into.size(), logits.size()), 0.0);
    for (std::size_t i = 0; i < logits.size(); ++i) into[i] += logits[i];
  }
}

}  // namespace

Inquisitor::Inquisitor(const SearchSpace& space, const StructuralAssessor& assessor, const UniversalPerformance& u,
                       TeachingOptions options)
    : space_(space), assessor_(assessor), performance_(u), options_(options) {}

void Inquisitor::observe(Observation observation) {
  if (observation.u && observation.feasible && (!best_u_ || *observation.u > *best_u_)) best_u_ = observation.u;
  observations_.push_back(std::move(observation));
  stale_ = true;
}

void Inquisitor::learn() {
  if (!stale_) return;
  std::vector<std::vector<double>> features;
  std::vector<double> targets;
  for (const Observation& seen : observations_) {
    if (!seen.accuracy) continue;
    features.push_back(seen.features);
    targets.push_back(std::log10(std::max(*seen.accuracy, 0.1)));
  }
  if (targets.size() >= kObservationsToBelieve) accuracy_.fit(features, targets);
  stale_ = false;
}

std::vector<Belief> Inquisitor::look_at(const std::vector<Genotype>& genotypes) const {
  std::vector<Belief> beliefs(genotypes.size());
  oneapi::tbb::parallel_for(std::size_t{0}, genotypes.size(), [&](std::size_t i) {
    Belief& belief = beliefs[i];
    belief.genotype = genotypes[i];
    const Architecture architecture = space_.build(genotypes[i]);
    belief.assessment = assessor_.assess(architecture);
    if (belief.assessment.rejected()) {
      // Rejected by the cheap stage, it was never measured by the dear one: further away than any that was.
      const double unseen = belief.assessment.stage == "graph" ? 1.0 : 0.0;
      belief.merit = kInfeasible * (1 + unseen + belief.assessment.hard_violation());
      return;
    }
    if (!accuracy_.fitted()) return;
    const GaussianPrediction guess = accuracy_.predict(architecture_features(architecture));
    belief.u = performance_.score(belief.assessment.metrics, belief.assessment.verdicts, std::pow(10, guess.mean));
    belief.deviation = 20 * performance_.alpha * guess.deviation;
    belief.merit = expected_improvement(belief.u, belief.deviation, best_u_.value_or(belief.u));
  });
  return beliefs;
}

GeneratorDelta Inquisitor::towards_the_best(const Generator& pupil, double step) const {
  std::vector<const Observation*> ranked;
  for (const Observation& seen : observations_) {
    if (seen.feasible && seen.u) ranked.push_back(&seen);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const Observation* a, const Observation* b) { return *a->u > *b->u; });
  ranked.resize(std::min(ranked.size(), kRemembered));
  GeneratorDelta delta;
  if (step <= 0) return delta;
  double weights = 0;  // 1, 1/2, 1/3, ...: by rank, so that the scale of U does not matter
  for (std::size_t i = 0; i < ranked.size(); ++i) weights += 1 / static_cast<double>(i + 1);
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const double share = 1 / (static_cast<double>(i + 1) * weights);
    accumulate(delta, pupil.gradient(ranked[i]->genotype, step * share));
  }
  return delta;
}

GeneratorDelta Inquisitor::teach(const Generator& generator, Rng& rng) {
  learn();
  Generator pupil = generator;
  GeneratorDelta total;
  const auto apply = [&](const GeneratorDelta& delta) {
    pupil.apply(delta);
    accumulate(total, delta);
  };
  for (int round = 0; round < options_.rounds; ++round) {
    std::vector<Genotype> sampled;
    for (int i = 0; i < options_.samples; ++i) sampled.push_back(pupil.sample(rng()));
    std::vector<Belief> beliefs = look_at(sampled);
    std::stable_sort(beliefs.begin(), beliefs.end(),
                     [](const Belief& a, const Belief& b) { return a.merit > b.merit; });
    std::size_t elite = std::max<std::size_t>(1, static_cast<std::size_t>(options_.elite_share * options_.samples));
    if (!accuracy_.fitted()) {
      // Nothing tells feasible candidates apart yet: all of them are equally good examples.
      const auto feasible = static_cast<std::size_t>(std::count_if(
          beliefs.begin(), beliefs.end(), [](const Belief& belief) { return !belief.assessment.rejected(); }));
      if (feasible == beliefs.size()) break;
      elite = std::max(elite, feasible);
    }
    const double remembered = accuracy_.fitted() ? options_.memory : 0;
    GeneratorDelta step = towards_the_best(pupil, options_.step * remembered);
    const double believed = options_.step * (1 - remembered) / static_cast<double>(elite);
    for (std::size_t i = 0; i < elite; ++i) accumulate(step, pupil.gradient(beliefs[i].genotype, believed));
    apply(step);
    apply(pupil.decay(options_.forgetting));
  }
  return total;
}

nlohmann::json Inquisitor::state() const {
  nlohmann::json seen = nlohmann::json::array();
  for (const Observation& o : observations_) {
    seen.push_back({{"genotype", o.genotype},
                    {"accuracy", o.accuracy ? nlohmann::json(*o.accuracy) : nlohmann::json()},
                    {"u", o.u ? nlohmann::json(*o.u) : nlohmann::json()},
                    {"feasible", o.feasible}});
  }
  return {{"observations", std::move(seen)}};
}

void Inquisitor::restore(const nlohmann::json& state) {
  observations_.clear();
  best_u_.reset();
  for (const nlohmann::json& item : state.at("observations")) {
    Observation o;
    o.genotype = item.at("genotype").get<Genotype>();
    if (!item.at("accuracy").is_null()) o.accuracy = item.at("accuracy").get<double>();
    if (!item.at("u").is_null()) o.u = item.at("u").get<double>();
    o.feasible = item.at("feasible").get<bool>();
    o.features = architecture_features(space_.build(o.genotype));
    observe(std::move(o));
  }
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
