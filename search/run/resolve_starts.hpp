#pragma once

#include <string>
#include <vector>

#include "search/job/job.hpp"

namespace gensynth::run {

/// Gives every entry of the job's "start_from" a genotype of the job's space, and returns what became of each network
/// that had none, one line each, for the user. Reads files and runs, and searches the space for a network that is not
/// known by its genotype: this takes seconds and depends on space and network only. Throws Error naming job and place.
std::vector<std::string> resolve_starts(job::Job& job);

}  // namespace gensynth::run
