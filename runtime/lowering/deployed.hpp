#pragma once

#include "architecture/rewrite/fold.hpp"
#include "runtime/lowering/file_options.hpp"

namespace gensynth::lowering {

/// The network that a file in float32 or float16 computes: folded, with the weights rounded to `precision`.
Folded deployed(const Architecture& architecture, const Weights& weights, Precision precision);

}  // namespace gensynth::lowering
