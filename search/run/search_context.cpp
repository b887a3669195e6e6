#include "search/run/search_context.hpp"

#include "generator/make_space.hpp"

namespace gensynth::run {
namespace {

constraints::ConstraintSet make_constraints(const job::Job& job, bool plugins) {
  std::vector<constraints::ConstraintSpec> specs;
  for (const constraints::ConstraintSpec& spec : job.constraints) {
    if (spec.plugin.empty() != plugins) specs.push_back(spec);
  }
  return constraints::ConstraintRegistry().create_all(specs);
}

}  // namespace

SearchContext::SearchContext(const job::Job& job)
    : space(generator::make_space(job.space)),
      built_in(make_constraints(job, false)),
      plugins(make_constraints(job, true)),
      latency(job.device),
      assessor(built_in, latency, accuracy, job.input_px, job.allow_out_of_distribution),
      performance(job.objective) {}

}  // namespace gensynth::run
