#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "architecture/base/json_reader.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::job {

/// A network that a search begins with.
struct Start {
  std::optional<space::Genotype> genotype;  ///< in the job's space; nothing until run::resolve_starts has found it
  std::string net;                          ///< NET as on the command line, with an absolute path; "" for a genotype
  double distance = 0;  ///< between `net` and the network of the genotype (nearest_genotype.hpp); 0: they are the same
  std::string text;     ///< `net` as the job's file gives it, for messages
};

/// Reads a job's "start_from". Each entry is a genotype, a NET (a file or a run relative to the job's file, or
/// zoo:NAME), or {"net", "genotype", "distance"} as an effective job has it. Genotypes are checked against the space;
/// networks are not read (run/resolve_starts.hpp does that). Throws Error naming source and place.
std::vector<Start> start_from_json(const nlohmann::json& list, const JsonReader& job, const space::SearchSpace& space);
nlohmann::ordered_json to_json(const std::vector<Start>& starts);  ///< null when there are none

}  // namespace gensynth::job
