#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "search/job/job.hpp"

namespace gensynth::simulation {

/// Candidates of one space that were trained, once each, with the accuracy that they reached: what a surrogate
/// benchmark is made of. Distinct by genotype.
struct TrainedCandidates {
  struct Row {
    space::Genotype genotype;
    double accuracy = 0;  ///< the objective's metric, in %
  };
  job::Job job;  ///< space, constraints, objective and device; its data and budget do not matter
  std::vector<Row> rows;
};

/// From files that to_json wrote ("gensynth.trained", version 1; plain or compressed) and from folders of runs, whose
/// scored trials are taken. The job is that of the first; candidates that a later one knows too are taken once. Throws
/// Error naming file and place: another space or accuracy metric than the first, a genotype that is not of the space.
TrainedCandidates read_trained_candidates(const std::vector<std::string>& paths);
TrainedCandidates trained_candidates_from_json(const nlohmann::json& value, const std::string& source);
nlohmann::ordered_json to_json(const TrainedCandidates& trained);

/// The set that gensynth brings along for its columnar space (experiments/search_benchmark/README.md).
TrainedCandidates shipped_trained_candidates();

}  // namespace gensynth::simulation
