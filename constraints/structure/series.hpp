#pragma once

#include <vector>

#include "constraints/structure/contraction.hpp"

namespace gensynth::structure {

/// The longest path of a set of nodes.
struct Series {
  int count = 0;       ///< spatial operators one after another
  bool mixes = false;  ///< some operator mixes channels that the set itself computed
};

/// Measures sets of nodes. A spatial operator is a convolution whose window reads more than one place, attention, or a
/// gate that mixes places. Operators are counted by axis, so that 1x7 and then 7x1 count as one of 7x7, and only with a
/// nonlinearity in between, since two linear operators in series are one.
class SeriesMeter {
 public:
  explicit SeriesMeter(const Contraction& graph);
  /// The number of spatial operators among n and the nodes that it dominates: an upper bound of every series there.
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
