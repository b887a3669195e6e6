#pragma once

#include <cstddef>
#include <functional>

namespace gensynth::data {

/// Calls work(0) ... work(count - 1) on a few threads, all of which have ended on return. The first exception
/// (by index of its call) is thrown again once they have.
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace gensynth::data
