#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/distribution/mixture.hpp"
#include "inquisitor/teaching/latency_goal.hpp"
#include "search/run/run.hpp"

namespace gensynth::sampling {

/// Candidates of one stream that are tried before the stream counts as empty.
constexpr int kStreamAttempts = 64;

/// A request for `count` networks, pairwise not isomorphic, that meet every hard constraint that can be checked without
/// training, from the streams of the seeds seed, seed + 1, ...
struct SamplingRequest {
  int count = 1;
  std::uint64_t seed = 1;
  distribution::Condition condition;
  std::int64_t samples = 50'000;  ///< budget: candidates tried in all streams together
};

/// G(s): the first candidate of stream s that meets constraints and condition.
struct SampledNetwork {
  std::uint64_t seed = 0;
  int attempts = 0;       ///< 1 to kStreamAttempts
  bool repaired = false;  ///< found by mutating the stream's closest sample, not by sampling
  space::Genotype genotype;
  std::string hash;
  Metrics metrics;
  std::optional<double> u = std::nullopt;  ///< dB; nothing where accuracy has to be measured
  /// Index of the network with which its structure begins (space::group_by_structure): the best of those that differ
  /// from it in less than space::kDifferentStructure; the first where U is not known. Its own where it is that one.
  std::size_t structure = 0;
};

/// Candidates rejected by one rule; each candidate counts for the first rule that it violates.
struct RejectionCount {
  std::int64_t count = 0;
  double closest = 0;  ///< the smallest relative violation
};

struct SamplingResult {
  std::vector<SampledNetwork> networks;              ///< by rising seed
  std::int64_t streams = 0;                          ///< tried
  std::int64_t empty = 0;                            ///< streams without a network within kStreamAttempts
  std::int64_t repeats = 0;                          ///< streams whose network an earlier stream had found
  std::int64_t samples = 0;                          ///< candidates tried
  std::map<std::string, RejectionCount> rejections;  ///< by rule; "requested latency" is the condition
  double diversity = 0;                              ///< of the networks (generator/diversity.hpp)
  /// Latencies of all candidates that meet the constraints, including those tried while the generator was taught.
  teaching::LatencyRange latencies;
};

/// Without a condition G(s) is the first feasible sample. With one, a copy of the generator is first taught the
/// condition and the utility (teaching/conditioning.hpp; the same for every seed), half of a stream's attempts are
/// samples, and the other half mutate the closest of them. Returns fewer than `count` networks when the budget is used
/// up. Deterministic in (θ_G, request, utility); runs on the TBB pool.
SamplingResult sample_networks(const run::SearchContext& parts, const distribution::Generator& generator,
                               const SamplingRequest& request, std::uint64_t run_seed,
                               const teaching::Utility& utility = nullptr);

/// The same from a mixture, without a condition.
SamplingResult sample_networks(const run::SearchContext& parts, const distribution::Mixture& generator,
                               const SamplingRequest& request);

/// Number of raw samples that meet the hard constraints that need no training, with the rules that reject the others.
struct RawFeasibility {
  std::int64_t samples = 0;
  std::int64_t feasible = 0;
  std::map<std::string, RejectionCount> rejections;
};
RawFeasibility raw_feasibility(const run::SearchContext& parts, const distribution::Generator& generator,
                               std::int64_t samples, std::uint64_t seed);
RawFeasibility raw_feasibility(const run::SearchContext& parts, const distribution::Mixture& generator,
                               std::int64_t samples, std::uint64_t seed);

}  // namespace gensynth::sampling
