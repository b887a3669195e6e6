#pragma once

#include <vector>

namespace gensynth::simulation {

/// Round numbers up to the last query, and the last query: the points at which the curve of a search is recorded.
std::vector<int> checkpoints(int queries);

}  // namespace gensynth::simulation
