#include "search/sampling/sampling.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "architecture/base/error.hpp"
#include "architecture/hash.hpp"
#include "generator/space/diversity.hpp"
#include "generator/space/structure.hpp"
#include "inquisitor/teaching/conditioning.hpp"

namespace gensynth::sampling {
namespace {

constexpr const char* kRequestedLatency = "requested latency";
/// Streams that are tried in parallel. Results do not depend on this number.
constexpr std::size_t kParallelStreams = 32;

/// Result of checking one candidate. `distance` is 0 if it meets everything, below 1 if it meets the constraints and
/// misses the condition, and at least 1 if it violates a constraint.
struct CandidateCheck {
  std::string rule;  ///< the first one violated, or ""
  double violation = 0;
  double distance = 0;
  Metrics metrics;
  std::optional<double> u;

  bool meets_constraints() const { return rule.empty() || rule == kRequestedLatency; }
};

CandidateCheck check(const run::SearchContext& parts, const Architecture& architecture,
                     const distribution::Condition& condition) {
  assessment::Assessment assessment = parts.assessor.assess(architecture);
  CandidateCheck result;
  if (assessment.rejected()) {
    const constraints::Verdict& verdict = assessment.verdicts[static_cast<std::size_t>(assessment.rejected_by)];
    result.rule = verdict.constraint;
    result.violation = verdict.relative_violation();
    result.distance = assessment.distance_to_feasible();
  } else if (const double error = teaching::relative_latency_error(assessment, condition);
             error > teaching::kLatencyTolerance) {
    result.rule = kRequestedLatency;
    result.violation = (error - teaching::kLatencyTolerance) / teaching::kLatencyTolerance;
    result.distance = error / (1 + error);
  }
  if (!assessment.rejected() && !parts.performance.accuracy_is_measured()) {
    result.u = parts.performance.score(assessment.metrics, assessment.verdicts);
  }
  result.metrics = std::move(assessment.metrics);
  return result;
}

void count(std::map<std::string, RejectionCount>& into, const std::string& rule, std::int64_t times, double closest) {
  const auto [entry, fresh] = into.try_emplace(rule, RejectionCount{0, closest});
  entry->second.count += times;
  if (!fresh) entry->second.closest = std::min(entry->second.closest, closest);
}

struct Stream {
  std::optional<SampledNetwork> found;
  int attempts = 0;
  std::map<std::string, RejectionCount> rejections;
  teaching::LatencyRange latencies;
};

/// A sample for a seed, not checked.
using Draw = std::function<space::Genotype(std::uint64_t seed)>;

Stream run_stream(const run::SearchContext& parts, const Draw& draw, const distribution::Condition& condition,
                  std::uint64_t seed) {
  Stream stream;
  const int drawn = condition.latency_ms ? kStreamAttempts / 2 : kStreamAttempts;
  Rng rng(derive_seed(seed, 0, "generate repair"));
  space::Genotype closest;
  double distance = std::numeric_limits<double>::infinity();
  while (stream.attempts < kStreamAttempts) {
    const auto attempt = static_cast<std::uint64_t>(stream.attempts++);
    const bool repair = stream.attempts > drawn;
    // Often two decisions have to change together: what makes a network slower may violate a constraint.
    space::Genotype genotype =
        repair ? parts.space->mutate(closest, 1 + below(rng, 2), rng) : draw(derive_seed(seed, attempt, "generate"));
    const Architecture architecture = parts.space->build(genotype);
    CandidateCheck checked = check(parts, architecture, condition);
    if (checked.meets_constraints()) stream.latencies.add(checked.metrics.at("latency_ms").value);
    if (checked.rule.empty()) {
      stream.found = SampledNetwork{seed,
                                    stream.attempts,
                                    repair,
                                    std::move(genotype),
                                    to_string(canonical_hash(architecture)),
                                    std::move(checked.metrics),
                                    checked.u};
      return stream;
    }
    count(stream.rejections, checked.rule, 1, checked.violation);
    if (checked.distance < distance) {
      distance = checked.distance;
      closest = std::move(genotype);
    }
  }
  return stream;
}

/// `latencies` receives the latencies of the candidates tried while teaching.
distribution::Generator conditioned(const distribution::Generator& generator, const teaching::LatencyGoal& goal,
                                    std::uint64_t run_seed, teaching::LatencyRange& latencies) {
  distribution::Generator copy = generator;
  if (!goal.condition.latency_ms) return copy;
  Rng rng(derive_seed(run_seed, std::bit_cast<std::uint64_t>(*goal.condition.latency_ms), "condition"));
  teaching::LatencySearchResult found;
  copy.apply(teaching::teach_condition(generator, goal, rng, {}, &found));
  latencies = found.latencies;
  return copy;
}

double diversity_of(const space::SearchSpace& space, const std::vector<SampledNetwork>& networks) {
  std::vector<space::Genotype> genotypes;
  for (const SampledNetwork& network : networks) genotypes.push_back(network.genotype);
  return space::diversity(space, genotypes);
}

void set_structures(const space::SearchSpace& space, std::vector<SampledNetwork>& networks) {
  std::vector<std::size_t> order(networks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return networks[a].u && networks[b].u && *networks[a].u > *networks[b].u;
  });
  std::vector<space::Genotype> genotypes;
  for (const std::size_t i : order) genotypes.push_back(networks[i].genotype);
  const std::vector<std::size_t> groups = space::group_by_structure(space, genotypes);
  for (std::size_t i = 0; i < order.size(); ++i) networks[order[i]].structure = order[groups[i]];
}

SamplingResult sample_streams(const run::SearchContext& parts, const Draw& draw, const SamplingRequest& request,
                              SamplingResult result) {
  std::unordered_multimap<std::string, std::size_t> known;  // by hash
  const auto repeated = [&](const SampledNetwork& network) {
    const auto [first, last] = known.equal_range(network.hash);
    return std::any_of(first, last, [&](const auto& entry) {
      return isomorphic(parts.space->build(network.genotype),
                        parts.space->build(result.networks[entry.second].genotype));
    });
  };
  std::uint64_t seed = request.seed;
  std::vector<Stream> streams(kParallelStreams);
  for (;;) {
    oneapi::tbb::parallel_for(std::size_t{0}, streams.size(), [&](std::size_t i) {
      streams[i] = run_stream(parts, draw, request.condition, seed + i);
    });
    for (Stream& stream : streams) {
      if (static_cast<int>(result.networks.size()) >= request.count || result.samples >= request.samples) {
        result.diversity = diversity_of(*parts.space, result.networks);
        set_structures(*parts.space, result.networks);
        return result;
      }
      ++result.streams;
      result.samples += stream.attempts;
      result.latencies.add(stream.latencies);
      for (const auto& [rule, entry] : stream.rejections) count(result.rejections, rule, entry.count, entry.closest);
      if (!stream.found) {
        ++result.empty;
      } else if (repeated(*stream.found)) {
        ++result.repeats;
      } else {
        known.emplace(stream.found->hash, result.networks.size());
        result.networks.push_back(std::move(*stream.found));
      }
    }
    seed += kParallelStreams;
  }
}

RawFeasibility count_feasible(const run::SearchContext& parts, const Draw& draw, std::int64_t samples,
                              std::uint64_t seed) {
  RawFeasibility result;
  std::vector<CandidateCheck> checks(1024);
  while (result.samples < samples) {
    const auto size = static_cast<std::size_t>(
        std::min<std::int64_t>(samples - result.samples, static_cast<std::int64_t>(checks.size())));
    oneapi::tbb::parallel_for(std::size_t{0}, size, [&](std::size_t i) {
      const std::uint64_t index = static_cast<std::uint64_t>(result.samples) + i;
      checks[i] = check(parts, parts.space->build(draw(derive_seed(seed, index, "raw sample"))), {});
    });
    for (std::size_t i = 0; i < size; ++i) {
      if (checks[i].rule.empty()) {
        ++result.feasible;
      } else {
        count(result.rejections, checks[i].rule, 1, checks[i].violation);
      }
    }
    result.samples += static_cast<std::int64_t>(size);
  }
  return result;
}

}  // namespace

SamplingResult sample_networks(const run::SearchContext& parts, const distribution::Generator& generator,
                               const SamplingRequest& request, std::uint64_t run_seed,
                               const teaching::Utility& utility) {
  SamplingResult result;
  const teaching::LatencyGoal goal{*parts.space, parts.assessor, request.condition, utility};
  const distribution::Generator taught = conditioned(generator, goal, run_seed, result.latencies);
  const auto draw = [&](std::uint64_t seed) { return taught.sample(seed, request.condition); };
  return sample_streams(parts, draw, request, std::move(result));
}

SamplingResult sample_networks(const run::SearchContext& parts, const distribution::Mixture& generator,
                               const SamplingRequest& request) {
  return sample_streams(parts, [&](std::uint64_t seed) { return generator.sample(seed); }, request, {});
}

RawFeasibility raw_feasibility(const run::SearchContext& parts, const distribution::Generator& generator,
                               std::int64_t samples, std::uint64_t seed) {
  return count_feasible(
      parts, [&](std::uint64_t s) { return generator.sample(s); }, samples, seed);
}

RawFeasibility raw_feasibility(const run::SearchContext& parts, const distribution::Mixture& generator,
                               std::int64_t samples, std::uint64_t seed) {
  return count_feasible(
      parts, [&](std::uint64_t s) { return generator.sample(s); }, samples, seed);
}

}  // namespace gensynth::sampling
