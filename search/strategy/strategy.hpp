#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "generator/distribution/mixture.hpp"
#include "generator/space/search_space.hpp"
#include "inquisitor/assessment/universal_performance.hpp"
#include "inquisitor/surrogate/candidate_cache.hpp"
#include "search/strategy/strategy_spec.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::strategy {

/// The environment of a strategy. All of it must outlive the strategy.
struct StrategyContext {
  const space::SearchSpace& space;
  const assessment::StructuralAssessor& assessor;
  const assessment::UniversalPerformance& performance;
  /// Assessments and descriptions of candidates, shared by several searches in one space; null: each has its own.
  std::shared_ptr<const surrogate::CandidateCache> cache = nullptr;
  /// Networks that are evaluated first, whatever the strategy; a generator is initialised to make them likely.
  std::vector<space::Genotype> start_from = {};
};

struct Proposal {
  space::Genotype genotype;
  std::vector<std::int64_t> parents;  ///< trials it descends from, if any
};

/// Decides which candidate to evaluate next. The loop calls `propose` until a proposal passes the structural checks
/// and is no duplicate, which is decided alike for all strategies, then evaluates it and hands it to `observe`. Not
/// thread-safe. Deterministic: the state and the random generator passed are all that a proposal depends on.
class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual std::string kind() const = 0;
  virtual Proposal propose(Rng& rng) = 0;
  /// Receives a trial that ended after it was queued: scored, pruned, failed or rejected late. Cheap, and draws no
  /// random numbers, since a resumed search observes all trials again.
  virtual void observe(const trial::Trial& trial) = 0;
  /// The part of its state that the observed trials do not determine; its size does not grow with their number.
  virtual nlohmann::json state() const = 0;
  /// For a new strategy of the same kind and options that has observed the same trials in the same order: it continues
  /// exactly as the strategy that returned the state. Throws nlohmann::json::exception for a state of another format.
  virtual void restore(const nlohmann::json& state) = 0;
  /// The generator that the search leaves behind: taught to exploit all that was observed so far. Proposals do not
  /// depend on it. May take seconds. Nothing for a strategy without a generator. Throws Error when no network is known
  /// that meets the constraints.
  virtual std::optional<distribution::Mixture> exploiting_generator() { return std::nullopt; }
};

std::unique_ptr<Strategy> make_strategy(const StrategySpec& spec, const StrategyContext& context);

/// A trial's rank among observed ones: its U when feasible; below every feasible one otherwise, the nearer to
/// feasible the better; failed ones last.
double fitness(const trial::Trial& trial);

}  // namespace gensynth::strategy
