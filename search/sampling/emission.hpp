#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/distribution/generator.hpp"
#include "inquisitor/teaching/latency_goal.hpp"
#include "search/run/run.hpp"

namespace gensynth::sampling {

/// Tries of one stream of the generator before it is given up.
constexpr int kTriesOfStream = 64;

/// What is asked of a generator: `count` networks that meet every hard constraint that can be judged without
/// training, distinct as networks, from the streams of seeds seed, seed + 1, ...
struct EmissionRequest {
  int count = 1;
  std::uint64_t seed = 1;
  distribution::Condition condition;
  std::int64_t samples = 50'000;  ///< budget: candidates looked at, all streams together
};

/// G(s): the first candidate of stream s that meets constraints and condition.
struct EmittedNetwork {
  std::uint64_t seed = 0;
  int tries = 0;          ///< 1 to kTriesOfStream
  bool repaired = false;  ///< found by mutating the stream's closest sample, not drawn as it is
  space::Genotype genotype;
  std::string hash;
  Metrics metrics;
};

/// Why candidates were turned down: by the first rule that each one broke.
struct TurnedDown {
  std::int64_t count = 0;
  double closest = 0;  ///< the smallest relative violation
};

struct Emission {
  std::vector<EmittedNetwork> networks;           ///< by rising seed
  std::int64_t streams = 0;                       ///< looked at
  std::int64_t empty = 0;                         ///< streams without a network within their tries
  std::int64_t repeats = 0;                       ///< streams that gave a network once more
  std::int64_t samples = 0;                       ///< candidates looked at
  std::map<std::string, TurnedDown> turned_down;  ///< by rule; "latency asked" is the condition
  double diversity = 0;                           ///< of the networks (generator/diversity.hpp)
  /// Of all candidates that meet the constraints, those looked at while the generator was taught included.
  teaching::LatencyRange latencies;
};

/// The generator of a run as the store holds it; the run may be finished, stopped or under way.
struct RunGenerator {
  run::Run run;
  distribution::Generator generator;
  /// Throws Error when the run's strategy has no generator, or proposed nothing yet.
  explicit RunGenerator(const std::string& folder);
  /// What the run's candidates are worth by its objective (analysis/run_beliefs.hpp). May fit a model to its trials.
  teaching::Worth worth() const;
  RunGenerator(const RunGenerator&) = delete;
  RunGenerator& operator=(const RunGenerator&) = delete;
};

/// Deterministic in (θ_G, request, worth). Without a condition G(s) is a sample as it is drawn. With one, a copy of the
/// generator is first taught the condition and what is worth more (inquisitor/conditioning.hpp; the same for every
/// seed), half of a stream's tries are samples, and the other half mutate the closest of them. A shortage of networks
/// is no error: fewer than `count` are returned when the budget is used up. Runs on the TBB pool.
Emission emit(const run::SearchContext& parts, const distribution::Generator& generator, const EmissionRequest& request,
              std::uint64_t run_seed, const teaching::Worth& worth = nullptr);

/// How many of `samples` raw draws meet the hard constraints that need no training, and which rules turn the others
/// down.
struct RawShare {
  std::int64_t samples = 0;
  std::int64_t feasible = 0;
  std::map<std::string, TurnedDown> turned_down;
};
RawShare raw_share(const run::SearchContext& parts, const distribution::Generator& generator, std::int64_t samples,
                   std::uint64_t seed);

}  // namespace gensynth::sampling
