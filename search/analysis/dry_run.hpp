#pragma once

#include <string>

#include "search/job/job.hpp"

namespace gensynth::analysis {

/// What a search would be up against: the size of the space, the share of random samples that is feasible by rule,
/// what the free stages cost here, and how many images proxy training would see.
std::string dry_run_report(const job::Job& job);

}  // namespace gensynth::analysis
