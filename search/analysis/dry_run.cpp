#include "search/analysis/dry_run.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "search/analysis/conflicts.hpp"
#include "search/run/resolve_starts.hpp"
#include "search/run/search_context.hpp"

namespace gensynth::analysis {
namespace {

constexpr int kSamples = 1000;
constexpr int kClassesIfUnknown = 1000;

/// The cost of the network as it would be trained; nothing when it does not allow the resolution of the proxy data.
std::optional<Cost> proxy_cost(const Architecture& architecture, const job::Job& job) {
  try {
    const int classes = job.data.classes > 0 ? job.data.classes : kClassesIfUnknown;
    return cost(proxy_network(architecture, job.data.px, classes));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

DryRun dry_run(const job::Job& given) {
  job::Job job = given;
  DryRun result;
  result.start_notes = run::resolve_starts(job);
  const run::SearchContext parts(job);
  Rng rng(derive_seed(job.seed, 0, "dry run"));
  result.space = parts.space->name();
  result.log10_size = parts.space->log10_size();
  result.samples = kSamples;
  result.trains = job.proxy.enabled;
  result.trials = job.budget.trials;
  result.images_per_trial = job.proxy.train.images;
  result.px = job.data.px;

  std::map<std::string, int> violated;
  ConflictCounter together(parts.constraints);
  double macs = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kSamples; ++i) {
    space::Genotype genotype = parts.space->sample(rng);
    const Architecture architecture = parts.space->build(genotype);
    const assessment::Assessment assessment = parts.assessor.assess(architecture, true);
    for (const constraints::Verdict& verdict : assessment.verdicts) {
      if (!verdict.satisfied) ++violated[verdict.constraint];
    }
    together.add(assessment.verdicts);
    if (assessment.rejected()) continue;
    ++result.feasible;
    if (!job.proxy.enabled) continue;
    if (const std::optional<Cost> trained = proxy_cost(architecture, job)) {
      macs += static_cast<double>(trained->macs);
      ++result.trainable;
      result.trainable_samples.push_back({static_cast<double>(trained->macs), trained->params, std::move(genotype)});
    }
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.candidates_per_second = kSamples / seconds;
  if (result.trainable > 0) result.proxy_macs = macs / result.trainable;
  std::stable_sort(result.trainable_samples.begin(), result.trainable_samples.end(),
                   [](const DryRun::Sample& a, const DryRun::Sample& b) { return a.macs < b.macs; });
  for (std::size_t i = 0; i < parts.constraints.size(); ++i) {
    const constraints::Constraint& constraint = parts.constraints[i];
    result.constraints.push_back({constraint.name(), constraint.hard(),
                                  constraint.cost_class() > constraints::CostClass::latency,
                                  static_cast<double>(kSamples - violated[constraint.name()]) / kSamples});
  }
  result.conflicts = together.conflicts();
  result.warnings = job::job_warnings(job);
  return result;
}

}  // namespace gensynth::analysis
