#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "generator/space/search_space.hpp"
#include "inquisitor/assessment/universal_performance.hpp"
#include "inquisitor/surrogate/candidate_cache.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::strategy {

/// What every kind of strategy is given. All of it must outlive the strategy.
struct StrategyContext {
  const space::SearchSpace& space;
  const assessment::StructuralAssessor& assessor;
  const assessment::UniversalPerformance& performance;
  /// What is known of candidates for free, where several searches in one space share it; else each makes its own.
  std::shared_ptr<const surrogate::CandidateCache> cache = nullptr;
  /// Networks that the search begins with. They are evaluated first whatever the strategy; a generator begins at them.
  std::vector<space::Genotype> start_from = {};
};

struct Proposal {
  space::Genotype genotype;
  std::vector<std::int64_t> parents;  ///< trials it descends from, if any
};

/// Decides what to look at next. The loop calls `propose` until a proposal survives the free filter (structure,
/// duplicates), which is the same for all kinds, then evaluates it and hands it to `observe`. Not thread-safe.
/// Deterministic: the state and the random generator passed are all that a proposal depends on.
class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual std::string kind() const = 0;
  virtual Proposal propose(Rng& rng) = 0;
  /// A trial that reached its end after it was queued: scored, pruned, failed or rejected late. Cheap, and draws no
  /// random numbers: a search that goes on shows all of them once more.
  virtual void observe(const trial::Trial& trial) = 0;
  /// The trial that it would choose among those it observed, when it knows better than the highest measured value:
  /// under noise, the one of the highest expected value. Nothing: the one measured best.
  virtual std::optional<std::int64_t> preferred() { return std::nullopt; }
  /// What the trials that it observed don't tell; its size does not grow with their number.
  virtual nlohmann::json state() const = 0;
  /// For a new strategy of the same kind and options that was shown the same trials in the same order: from here on it
  /// does exactly what the one that gave the state would.
  virtual void restore(const nlohmann::json& state) = 0;
};

/// From a job's "strategy". Throws Error with the nearest kind or key.
std::unique_ptr<Strategy> make_strategy(const nlohmann::json& value, const StrategyContext& context,
                                        const std::string& source, const std::string& pointer);
void check_strategy(const nlohmann::json& value, const std::string& source, const std::string& pointer);
nlohmann::ordered_json effective_strategy(const nlohmann::json& value, const std::string& source,
                                          const std::string& pointer);

/// A trial's rank among observed ones: its U when feasible; below every feasible one otherwise, the nearer to
/// feasible the better; failed ones last.
double fitness(const trial::Trial& trial);

}  // namespace gensynth::strategy
