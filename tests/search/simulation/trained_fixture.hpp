#pragma once

#include <cmath>

#include "architecture/base/random.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"
#include "search/run/search_context.hpp"
#include "search/simulation/trained_candidates.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::testing {

inline nlohmann::json trained_job() {
  nlohmann::json job = untrained_job();
  job.erase("proxy");
  job.erase("budget");
  job["space"] = {{"kind", "columnar"}, {"px", 32}, {"max_stages", 3}, {"max_columns", 2}};
  job["constraints"] = {{{"constraint", "expression"}, {"expression", "macs < 2e7"}, {"label", "small"}}};
  job["objective"] = {{"alpha", 2}, {"beta", 0}, {"gamma", 0}, {"delta", 0.25}, {"accuracy", "proxy_top1"}};
  return job;
}

/// Random candidates with an invented accuracy: it grows with the logarithm of the parameters, and `noise` is added.
inline simulation::TrainedCandidates made_up_candidates(int count, double noise) {
  simulation::TrainedCandidates trained;
  trained.job = job::job_from_json(trained_job(), "made up");
  const run::SearchContext parts(trained.job);
  Rng rng(7);
  for (int i = 0; i < count; ++i) {
    const space::Genotype genotype = parts.space->sample(rng);
    const assessment::Assessment assessment = parts.assessor.assess(parts.space->build(genotype), true);
    const double accuracy = 10 * std::log10(*assessment.metrics.value("params")) - 20;
    trained.rows.push_back({genotype, accuracy + noise * standard_normal(rng), ""});
  }
  return trained;
}

}  // namespace gensynth::testing
