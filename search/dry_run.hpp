#pragma once

#include <string>

#include "search/job.hpp"

namespace gensynth {

/// What a search would be up against: the size of the space, the share of random samples that is feasible by rule,
/// what the free stages cost here, and how many images proxy training would see.
std::string dry_run_report(const Job& job);

}  // namespace gensynth
