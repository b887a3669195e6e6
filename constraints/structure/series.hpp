#pragma once

#include <vector>

#include "constraints/structure/contraction.hpp"

namespace gensynth::structure {

/// What a set of nodes does on its longest path.
struct Series {
  int count = 0;       ///< spatial operators one after another
  bool mixes = false;  ///< some operator mixes channels that the set itself computed
};

/// Measures sets of nodes. A spatial operator is a convolution whose window meets more than one place at a quarter of
/// its positions, attention over several tokens, or a gate that mixes places; by axis, so that a 1x7 convolution and a
/// 7x1 one after it are one of 7x7, and with a nonlinearity in between, since two linear operators are one.
class SeriesMeter {
 public:
  explicit SeriesMeter(const Contraction& graph);
  /// Spatial operators among n and all that it dominates: no series there is longer.
  int spatial_below(int n) const { return spatial_below_[static_cast<std::size_t>(n)]; }
  /// `nodes`: ascending, standing.
  Series measure(const std::vector<int>& nodes);

 private:
  struct Length {
    int closed = -1;  ///< operators on the longest path that ends with a nonlinearity after the last one
    int open = -1;    ///< on the longest other path; -1 for none
    int count() const { return closed > open ? closed : open; }
  };
  struct Lengths {
    Length h, w;
  };
  struct Kind {
    bool spatial_h = false, spatial_w = false, nonlinear = false, mixes = false;
  };
  Kind kind(int n) const;
  bool spatial(int n) const;
  static void pass(Length& length, bool spatial, bool nonlinear);
  static void keep_longer(Length& length, const Length& other);

  const Contraction& graph_;
  std::vector<int> spatial_below_;
  std::vector<Lengths> lengths_;
  std::vector<int> mark_;
  int round_ = 0;
};

}  // namespace gensynth::structure
