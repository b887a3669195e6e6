#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "search/job/job.hpp"

namespace gensynth::simulation {

/// Candidates of one space that were trained once each, with their accuracy: the data of a surrogate benchmark.
/// Distinct by genotype.
struct TrainedCandidates {
  struct Row {
    space::Genotype genotype;
    double accuracy = 0;  ///< the objective's metric, in %
    std::string origin;   ///< the strategy that proposed it; empty if unknown
  };
  job::Job job;  ///< space, constraints, objective and device; data and budget are ignored
  std::vector<Row> rows;
};

/// From files that to_json wrote ("gensynth.trained", version 1; plain or compressed) and from folders of runs, whose
/// scored trials are used. The job is that of the first path; a candidate of several paths is used once. Throws
/// Error naming file and place: another space or accuracy metric than the first, a genotype that is not of the space.
TrainedCandidates read_trained_candidates(const std::vector<std::string>& paths);
TrainedCandidates trained_candidates_from_json(const nlohmann::json& value, const std::string& source);
nlohmann::ordered_json to_json(const TrainedCandidates& trained);

/// Without the candidates that a strategy proposed. Throws Error where there are none of it.
TrainedCandidates without_origin(TrainedCandidates trained, const std::string& origin);

/// The set that is compiled into gensynth for its columnar space (experiments/search_benchmark/README.md).
TrainedCandidates shipped_trained_candidates();

}  // namespace gensynth::simulation
