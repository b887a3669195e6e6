#include "search/sampling/emission.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "architecture/base/error.hpp"
#include "architecture/hash.hpp"
#include "generator/space/diversity.hpp"
#include "inquisitor/teaching/conditioning.hpp"
#include "search/analysis/run_beliefs.hpp"

namespace gensynth::sampling {
namespace {

constexpr const char* kAskedLatency = "latency asked";
/// Streams that are looked at side by side. Part of no result: what follows a stream does not depend on it.
constexpr std::size_t kStreamsAtOnce = 32;

/// What became of one candidate. `distance` is 0 when it meets everything; else candidates that meet the constraints
/// and miss the condition lie below 1, the others above.
struct Judgement {
  std::string rule;  ///< the first one broken, or ""
  double violation = 0;
  double distance = 0;
  Metrics metrics;

  bool meets_constraints() const { return rule.empty() || rule == kAskedLatency; }
};

Judgement judge(const run::SearchContext& parts, const Architecture& architecture,
                const distribution::Condition& condition) {
  assessment::Assessment assessment = parts.assessor.assess(architecture);
  if (!assessment.rejected()) {
    for (constraints::Verdict& verdict : parts.plugins.check(
             architecture, assessment.metrics, constraints::CostClass::graph, constraints::CostClass::latency)) {
      if (verdict.hard && !verdict.satisfied && !assessment.rejected()) {
        assessment.rejected_by = static_cast<int>(assessment.verdicts.size());
      }
      assessment.verdicts.push_back(std::move(verdict));
    }
  }
  Judgement result;
  if (assessment.rejected()) {
    const constraints::Verdict& verdict = assessment.verdicts[static_cast<std::size_t>(assessment.rejected_by)];
    const double unseen = assessment.stage == "graph" ? 1 : 0;
    result.rule = verdict.constraint;
    result.violation = verdict.relative_violation();
    result.distance = 1 + unseen + assessment.hard_violation();
  } else if (const double miss = teaching::latency_miss(assessment, condition); miss > teaching::kLatencyTolerance) {
    result.rule = kAskedLatency;
    result.violation = (miss - teaching::kLatencyTolerance) / teaching::kLatencyTolerance;
    result.distance = miss / (1 + miss);
  }
  result.metrics = std::move(assessment.metrics);
  return result;
}

void count(std::map<std::string, TurnedDown>& into, const std::string& rule, std::int64_t times, double closest) {
  const auto [entry, fresh] = into.try_emplace(rule, TurnedDown{0, closest});
  entry->second.count += times;
  if (!fresh) entry->second.closest = std::min(entry->second.closest, closest);
}

struct Stream {
  std::optional<EmittedNetwork> found;
  int tries = 0;
  std::map<std::string, TurnedDown> turned_down;
  teaching::LatencyRange latencies;
};

Stream run_stream(const run::SearchContext& parts, const distribution::Generator& generator,
                  const distribution::Condition& condition, std::uint64_t seed) {
  Stream stream;
  const int drawn = condition.latency_ms ? kTriesOfStream / 2 : kTriesOfStream;
  Rng rng(derive_seed(seed, 0, "generate repair"));
  space::Genotype closest;
  double distance = std::numeric_limits<double>::infinity();
  while (stream.tries < kTriesOfStream) {
    const auto attempt = static_cast<std::uint64_t>(stream.tries++);
    const bool repair = stream.tries > drawn;
    // Often two genes have to change together: what makes a network slower may leave another constraint.
    space::Genotype genotype = repair ? parts.space->mutate(closest, 1 + below(rng, 2), rng)
                                      : generator.sample(derive_seed(seed, attempt, "generate"), condition);
    const Architecture architecture = parts.space->build(genotype);
    Judgement judgement = judge(parts, architecture, condition);
    if (judgement.meets_constraints()) stream.latencies.add(judgement.metrics.at("latency_ms").value);
    if (judgement.rule.empty()) {
      stream.found = EmittedNetwork{seed,
                                    stream.tries,
                                    repair,
                                    std::move(genotype),
                                    to_string(canonical_hash(architecture)),
                                    std::move(judgement.metrics)};
      return stream;
    }
    count(stream.turned_down, judgement.rule, 1, judgement.violation);
    if (judgement.distance < distance) {
      distance = judgement.distance;
      closest = std::move(genotype);
    }
  }
  return stream;
}

/// `latencies`: receives what teaching looked at.
distribution::Generator conditioned(const distribution::Generator& generator, const teaching::LatencyGoal& goal,
                                    std::uint64_t run_seed, teaching::LatencyRange& latencies) {
  distribution::Generator copy = generator;
  if (!goal.condition.latency_ms) return copy;
  Rng rng(derive_seed(run_seed, std::bit_cast<std::uint64_t>(*goal.condition.latency_ms), "condition"));
  teaching::LatencyWalks walks;
  copy.apply(teaching::teach_condition(generator, goal, rng, {}, &walks));
  latencies = walks.latencies;
  return copy;
}

double variety_of(const space::SearchSpace& space, const std::vector<EmittedNetwork>& networks) {
  std::vector<space::Genotype> genotypes;
  for (const EmittedNetwork& network : networks) genotypes.push_back(network.genotype);
  return space::diversity(space, genotypes);
}

}  // namespace

RunGenerator::RunGenerator(const std::string& folder)
    : run(run::Run::open(folder, run::RunMode::read)), generator(*run.context().space) {
  const std::optional<std::string> saved = run.store().value("proposer");
  const std::string kind = run.job().strategy.value("kind", "");
  if (!saved) throw Error(folder + ": nothing was proposed yet; there is no generator to read");
  try {
    const nlohmann::json state = nlohmann::json::parse(*saved).at("strategy");
    if (!state.contains("generator")) {
      throw Error(folder + ": its strategy '" + kind + "' has no generator; expected a run of 'generative_synthesis'");
    }
    generator.restore(state.at("generator"));
  } catch (const nlohmann::json::exception& error) {
    throw Error(run.folder().database() + ": the saved search state is damaged: " + error.what());
  }
}

teaching::Worth RunGenerator::worth() const { return analysis::worth_in_run(run.context(), run.store()); }

Emission emit(const run::SearchContext& parts, const distribution::Generator& generator, const EmissionRequest& request,
              std::uint64_t run_seed, const teaching::Worth& worth) {
  Emission result;
  const teaching::LatencyGoal goal{*parts.space, parts.assessor, request.condition, worth};
  const distribution::Generator taught = conditioned(generator, goal, run_seed, result.latencies);
  std::unordered_multimap<std::string, std::size_t> known;  // by hash
  const auto repeated = [&](const EmittedNetwork& network) {
    const auto [first, last] = known.equal_range(network.hash);
    return std::any_of(first, last, [&](const auto& entry) {
      return isomorphic(parts.space->build(network.genotype),
                        parts.space->build(result.networks[entry.second].genotype));
    });
  };
  std::uint64_t seed = request.seed;
  std::vector<Stream> streams(kStreamsAtOnce);
  for (;;) {
    oneapi::tbb::parallel_for(std::size_t{0}, streams.size(), [&](std::size_t i) {
      streams[i] = run_stream(parts, taught, request.condition, seed + i);
    });
    for (Stream& stream : streams) {
      if (static_cast<int>(result.networks.size()) >= request.count || result.samples >= request.samples) {
        result.diversity = variety_of(*parts.space, result.networks);
        return result;
      }
      ++result.streams;
      result.samples += stream.tries;
      result.latencies.add(stream.latencies);
      for (const auto& [rule, entry] : stream.turned_down) count(result.turned_down, rule, entry.count, entry.closest);
      if (!stream.found) {
        ++result.empty;
      } else if (repeated(*stream.found)) {
        ++result.repeats;
      } else {
        known.emplace(stream.found->hash, result.networks.size());
        result.networks.push_back(std::move(*stream.found));
      }
    }
    seed += kStreamsAtOnce;
  }
}

RawShare raw_share(const run::SearchContext& parts, const distribution::Generator& generator, std::int64_t samples,
                   std::uint64_t seed) {
  RawShare result;
  std::vector<Judgement> judgements(1024);
  while (result.samples < samples) {
    const auto size = static_cast<std::size_t>(
        std::min<std::int64_t>(samples - result.samples, static_cast<std::int64_t>(judgements.size())));
    oneapi::tbb::parallel_for(std::size_t{0}, size, [&](std::size_t i) {
      const std::uint64_t index = static_cast<std::uint64_t>(result.samples) + i;
      judgements[i] = judge(parts, parts.space->build(generator.sample(derive_seed(seed, index, "raw sample"))), {});
    });
    for (std::size_t i = 0; i < size; ++i) {
      if (judgements[i].rule.empty()) {
        ++result.feasible;
      } else {
        count(result.turned_down, judgements[i].rule, 1, judgements[i].violation);
      }
    }
    result.samples += static_cast<std::int64_t>(size);
  }
  return result;
}

}  // namespace gensynth::sampling
