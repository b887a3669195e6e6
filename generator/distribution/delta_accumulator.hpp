#pragma once

#include "generator/distribution/generator.hpp"

namespace gensynth::distribution {

/// A copy of a generator that is changed step by step, with the sum of the steps. It computes a Δθ_G of several steps
/// without changing the original generator.
class DeltaAccumulator {
 public:
  explicit DeltaAccumulator(const Generator& generator) : copy_(generator) {}
  const Generator& generator() const { return copy_; }  ///< the copy, with all steps applied
  const GeneratorDelta& total() const { return total_; }
  /// Throws Error, with nothing changed, when a parameter would not be finite.
  void apply(const GeneratorDelta& step) {
    copy_.apply(step);
    total_ += step;
  }

 private:
  Generator copy_;
  GeneratorDelta total_;
};

}  // namespace gensynth::distribution
