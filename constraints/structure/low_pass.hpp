#pragma once

#include <vector>

#include "constraints/structure/structure.hpp"

namespace gensynth::structure {

/// Finds fixed low-pass filters where maps become coarser (Zhang 2019, arXiv:1904.11486). A filter of T taps is
/// sufficient for steps of up to T places. Linear operators commute, so that filters of stride 1 before or after a
/// linear strided operator count if only linear operators are in between; filters in series add up (T + U - 1 taps).
class LowPass {
 public:
  explicit LowPass(const Structure& structure) : form_(structure.form()) {}

  /// Whether node n, which downsamples, is or has a filter that is wide enough.
  bool serves(int n);

 private:
  Pair before(int n);
  Pair after(int n);
  Pair own(int n) const;
  bool linear(int n) const;

  const CanonicalForm& form_;
  std::vector<Pair> before_, after_;  ///< by node; 0x0 if unknown
};

}  // namespace gensynth::structure
