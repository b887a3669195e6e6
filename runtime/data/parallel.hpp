#pragma once

#include <cstddef>
#include <functional>

namespace gensynth::data {

/// Calls work(0) ... work(count - 1) on a few threads, which have all ended on return. Rethrows the exception of the
/// lowest index, if any, after that.
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace gensynth::data
