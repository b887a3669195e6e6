#include "runtime/lowering/half.hpp"

#include <Eigen/Core>
#include <cmath>

#include "architecture/base/error.hpp"

namespace gensynth::lowering {

std::uint16_t half_bits(float value) { return Eigen::half_impl::float_to_half_rtne(value).x; }

void round_to_half(Weights& weights) {
  for (auto& [name, array] : weights) {
    if (array.shape.size() < 2) continue;
    for (float& value : array.values) {
      const float rounded = Eigen::half_impl::half_to_float(Eigen::half_impl::float_to_half_rtne(value));
      if (std::isinf(rounded)) {
        throw Error("array " + name + " contains " + std::to_string(value) +
                    ", which float16 cannot hold (its largest value is 65504)");
      }
      value = rounded;
    }
  }
}

}  // namespace gensynth::lowering
