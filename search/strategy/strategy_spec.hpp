#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "inquisitor/teaching/teaching_options.hpp"

namespace gensynth::strategy {

enum class StrategyKind { generative_synthesis, bayesian, regularized_evolution, local_search, random };
const char* to_string(StrategyKind kind);

// Options of the kinds of strategy. strategy_spec.cpp declares ranges and meaning.

struct EvolutionOptions {
  int population = 30;
  int sample = 10;
  int mutations = 1;
};

struct BayesianOptions {
  int candidates = 384;
  int explore = 8;
  int parents = 10;
  double random_share = 0.25;
};

struct SynthesisOptions {
  int candidates = 96;
  int explore = 8;
  /// It gives the user a Pareto front and keeps the search from ending in one region.
  double front_share = 0.5;
  int walk = 512;
  teaching::TeachingOptions teaching;
};

/// A job's "strategy", parsed and checked: {"kind": ..., options of that kind}.
struct StrategySpec {
  StrategyKind kind = StrategyKind::generative_synthesis;
  SynthesisOptions synthesis;  ///< each is used by its own kind alone
  BayesianOptions bayesian;
  EvolutionOptions evolution;
};

/// Throws Error with the nearest kind or key.
StrategySpec strategy_spec_from_json(const nlohmann::json& value, const std::string& source,
                                     const std::string& pointer);
nlohmann::ordered_json to_json(const StrategySpec& spec);  ///< with every default of its kind

nlohmann::ordered_json strategy_schema();
/// A Markdown table of the options of all kinds.
std::string strategy_table();

}  // namespace gensynth::strategy
