#include "search/strategy/strategy.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "search/strategy/kinds.hpp"

namespace gensynth::strategy {
namespace {

using nlohmann::json;

const std::vector<std::string> kKinds = {"generative_synthesis", "bayesian", "regularized_evolution", "local_search",
                                         "random"};

constexpr double kInfeasibleFitness = -1e6;
constexpr double kFailedFitness = -1e12;

/// Reads {"kind": ..., options of that kind}: the one place that knows which options belong to which kind.
struct Options {
  std::string kind;
  EvolutionOptions evolution;
  SynthesisOptions synthesis;
  BayesianOptions bayesian;
};

Options read_options(const json& value, const std::string& source, const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  Options options;
  options.kind = reader.choice("kind", kKinds);
  if (options.kind == "regularized_evolution") {
    EvolutionOptions& e = options.evolution;
    e.population = static_cast<int>(reader.integer("population", 2, 100'000, e.population));
    e.sample = static_cast<int>(reader.integer("sample", 1, 100'000, e.sample));
    e.mutations = static_cast<int>(reader.integer("mutations", 1, 1000, e.mutations));
  } else if (options.kind == "bayesian") {
    BayesianOptions& b = options.bayesian;
    b.candidates = static_cast<int>(reader.integer("candidates", 1, 100'000, b.candidates));
    b.explore = static_cast<int>(reader.integer("explore", 0, 100'000, b.explore));
    b.parents = static_cast<int>(reader.integer("parents", 1, 100'000, b.parents));
    b.random_share = reader.number("random_share", 0, 1, b.random_share);
  } else if (options.kind == "generative_synthesis") {
    SynthesisOptions& s = options.synthesis;
    s.candidates = static_cast<int>(reader.integer("candidates", 1, 100'000, s.candidates));
    s.explore = static_cast<int>(reader.integer("explore", 0, 100'000, s.explore));
    s.front_share = reader.number("front_share", 0, 1, s.front_share);
    if (reader.has("teaching")) {
      s.teaching = teaching::teaching_options_from_json(reader.value("teaching"), source, reader.at("teaching"));
    }
  }
  reader.finish();
  return options;
}

}  // namespace

teaching::Observation observation_of(const trial::Trial& trial, const assessment::UniversalPerformance& performance,
                                     const constraints::ConstraintSet& built_in) {
  teaching::Observation seen;
  seen.trial = trial.id;
  seen.genotype = trial.genotype;
  if (const Quantity* accuracy = trial.metrics.find(performance.accuracy)) seen.accuracy = accuracy->taken();
  seen.u = trial.u;
  seen.feasible = trial.feasible;
  seen.latency_ms = trial.metrics.value("latency_ms");
  for (const constraints::Verdict& verdict : trial.verdicts) {
    if (!built_in.tells_freely(verdict.constraint)) seen.margins.push_back(surrogate::constraint_observation(verdict));
  }
  return seen;
}

namespace {

std::vector<space::Genotype> best_of(std::vector<std::pair<double, const space::Genotype*>> valued,
                                     const teaching::Inquisitor& known, std::size_t count) {
  std::stable_sort(valued.begin(), valued.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::set<space::Genotype> taken;
  std::vector<space::Genotype> result;
  for (const auto& [value, genotype] : valued) {
    if (result.size() == count) break;
    if (known.knows(*genotype) || !taken.insert(*genotype).second) continue;
    result.push_back(*genotype);
  }
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace

std::vector<space::Genotype> by_merit(const std::vector<teaching::CandidatePrediction>& beliefs,
                                      const teaching::Inquisitor& known, std::size_t count) {
  std::vector<std::pair<double, const space::Genotype*>> valued;
  for (const teaching::CandidatePrediction& belief : beliefs) valued.emplace_back(belief.merit, &belief.genotype);
  return best_of(std::move(valued), known, count);
}

std::vector<space::Genotype> by_front_gain(const std::vector<teaching::CandidatePrediction>& beliefs,
                                           const teaching::Inquisitor& known, std::size_t count) {
  std::vector<std::pair<double, const space::Genotype*>> valued;
  for (const teaching::CandidatePrediction& belief : beliefs) {
    if (belief.expected_hypervolume_improvement > 0)
      valued.emplace_back(belief.expected_hypervolume_improvement, &belief.genotype);
  }
  return best_of(std::move(valued), known, count);
}

space::Genotype take_last(std::vector<space::Genotype>& genotypes) {
  space::Genotype last = std::move(genotypes.back());
  genotypes.pop_back();
  return last;
}

double fitness(const trial::Trial& trial) {
  if (trial.feasible && trial.u) return *trial.u;
  if (trial.state == trial::TrialState::failed) return kFailedFitness;
  double violation = 0;
  for (const constraints::Verdict& verdict : trial.verdicts) {
    if (verdict.hard && !verdict.satisfied) violation += verdict.relative_violation();
  }
  return kInfeasibleFitness * (1 + violation);
}

std::unique_ptr<Strategy> make_strategy(const json& value, const StrategyContext& context, const std::string& source,
                                        const std::string& pointer) {
  const Options options = read_options(value, source, pointer);
  if (options.kind == "random") return make_random(context);
  if (options.kind == "regularized_evolution") return make_regularized_evolution(context, options.evolution);
  if (options.kind == "local_search") return make_local_search(context);
  if (options.kind == "bayesian") return make_bayesian(context, options.bayesian);
  return make_generative_synthesis(context, options.synthesis);
}

void check_strategy(const json& value, const std::string& source, const std::string& pointer) {
  (void)read_options(value, source, pointer);
}

nlohmann::ordered_json effective_strategy(const json& value, const std::string& source, const std::string& pointer) {
  const Options options = read_options(value, source, pointer);
  nlohmann::ordered_json result = {{"kind", options.kind}};
  if (options.kind == "regularized_evolution") {
    result["population"] = options.evolution.population;
    result["sample"] = options.evolution.sample;
    result["mutations"] = options.evolution.mutations;
  } else if (options.kind == "bayesian") {
    result["candidates"] = options.bayesian.candidates;
    result["explore"] = options.bayesian.explore;
    result["parents"] = options.bayesian.parents;
    result["random_share"] = options.bayesian.random_share;
  } else if (options.kind == "generative_synthesis") {
    result["candidates"] = options.synthesis.candidates;
    result["explore"] = options.synthesis.explore;
    result["front_share"] = options.synthesis.front_share;
    result["teaching"] = to_json(options.synthesis.teaching);
  }
  return result;
}

}  // namespace gensynth::strategy
