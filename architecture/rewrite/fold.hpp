#pragma once

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"

namespace gensynth {

struct Folded {
  Architecture architecture;
  Weights weights;
};

/// The network in inference form, with equal outputs up to rounding. Batch norms are merged into the convolution or
/// linear layer before them, dropout and identities are removed, and parallel linear branches between one vertex and
/// one Add (1x1, kxk, identity, batch norm) are merged into one convolution (MobileOne's reparameterisation,
/// arXiv:2206.04040).
Folded fold(const Architecture& architecture, const Weights& weights);
/// The same without weights, for prediction.
Architecture fold(const Architecture& architecture);

}  // namespace gensynth
