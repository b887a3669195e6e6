#pragma once

#include "architecture/base/option.hpp"
#include "runtime/latency/latency_model.hpp"

namespace gensynth::latency {

/// The keys of a job's "device" and the flags of commands that predict latency.
const OptionList<LatencyTarget>& target_options();

}  // namespace gensynth::latency
