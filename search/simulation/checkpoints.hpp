#pragma once

#include <vector>

namespace gensynth::simulation {

/// Round numbers up to the last query, and the last: where the curve of a search is looked at.
std::vector<int> checkpoints(int queries);

}  // namespace gensynth::simulation
