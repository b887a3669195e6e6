#include "runtime/lowering/deployed.hpp"

#include "runtime/lowering/half.hpp"

namespace gensynth::lowering {

Folded deployed(const Architecture& architecture, const Weights& weights, Precision precision) {
  check_weights(architecture, weights, "weights of " + architecture.name());
  Folded folded = fold(architecture, weights);
  if (precision == Precision::float16) round_to_half(folded.weights);
  return folded;
}

}  // namespace gensynth::lowering
