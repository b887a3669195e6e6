#include "search/run/search_context.hpp"

#include "constraints/plugin/failing_rule.hpp"
#include "generator/make_space.hpp"

namespace gensynth::run {
namespace {

/// Plugins come last: most candidates that violate something need not be sent to them.
constraints::ConstraintSet make_constraints(const job::Job& job, registry::Plugins use) {
  registry::ConstraintRegistry registry(use);
  std::vector<std::unique_ptr<constraints::Constraint>> result;
  for (const constraints::ConstraintSpec& spec : job.constraints) {
    if (spec.plugin.empty()) result.push_back(registry.create(spec));
  }
  for (const constraints::ConstraintSpec& spec : job.constraints) {
    if (spec.plugin.empty() || use == registry::Plugins::leave) continue;
    result.push_back(plugin::failure_is_violation(registry.create(spec)));
  }
  return constraints::ConstraintSet(std::move(result));
}

}  // namespace

SearchContext::SearchContext(const job::Job& job, registry::Plugins use)
    : space(generator::make_space(job.space)),
      constraints(make_constraints(job, use)),
      latency(job.device),
      assessor(constraints, latency, accuracy, job.input_px, job.out_of_distribution == job::OutOfDistribution::allow),
      performance(job.objective) {}

}  // namespace gensynth::run
