#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/base/json_reader.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::job {

/// A network that a search begins with, as a genotype of its space.
struct Start {
  space::Genotype genotype;
  std::string net;      ///< how it was given: a NET as on the command line, paths absolute; "" for a genotype
  double distance = 0;  ///< 0: the genotype builds that very network; else how unlike its own is (nearest_genotype.hpp)
  std::string note;     ///< for the user, when it was found just now: what became of the network given
};

/// A job's "start_from": each entry a genotype, a NET (a file or a run relative to the job's file, or zoo:NAME), or
/// {"net", "genotype", "distance"} as an effective job has it. A network that is not known by its genotype is looked
/// for in the space; that takes seconds and depends on nothing but space and network. Throws Error naming source and
/// place.
std::vector<Start> start_from_json(const nlohmann::json& list, const JsonReader& job, const space::SearchSpace& space);
nlohmann::ordered_json to_json(const std::vector<Start>& starts);  ///< null when there are none

}  // namespace gensynth::job
