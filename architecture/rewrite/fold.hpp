#pragma once

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"

namespace gensynth {

struct Folded {
  Architecture architecture;
  Weights weights;
};

/// The network in inference form, equal outputs up to rounding: batch norm into the convolution or linear layer
/// before it, dropout and identities removed, parallel linear branches between one vertex and one Add (1x1, kxk,
/// identity, batch norm) merged into one convolution (MobileOne's reparameterisation, arXiv:2206.04040).
Folded fold(const Architecture& architecture, const Weights& weights);
/// The structure alone, for prediction.
Architecture fold(const Architecture& architecture);

}  // namespace gensynth
