#include "search/run/search_context.hpp"

#include <nlohmann/json.hpp>

#include "generator/make_space.hpp"

namespace gensynth::run {
namespace {

using nlohmann::json;

json entries(const json& constraints, bool plugins) {
  json result = json::array();
  for (const json& entry : constraints) {
    if (entry.contains("plugin") == plugins) result.push_back(entry);
  }
  return result;
}

constraints::ConstraintSet make_constraints(const job::Job& job, bool plugins) {
  constraints::ConstraintRegistry registry;
  return registry.create_all(entries(job.constraints, plugins), job.source, "/constraints");
}

}  // namespace

SearchContext::SearchContext(const job::Job& job)
    : space(generator::make_space(job.space, job.source, "/space")),
      built_in(make_constraints(job, false)),
      plugins(make_constraints(job, true)),
      latency(job.device),
      assessor(built_in, latency, accuracy, job.input_px),
      performance(job.objective) {}

}  // namespace gensynth::run
