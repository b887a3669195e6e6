#pragma once

#include <vector>

#include "architecture/rewrite/folded_view.hpp"
#include "runtime/latency/model/fusion.hpp"
#include "runtime/latency/model/kernel.hpp"
#include "runtime/latency/model/map_order.hpp"

namespace gensynth::latency::model {

/// Goes through a network in execution order and gives each vertex the kernels that a runtime starts for it. It keeps
/// the kernels of one vertex only, so that the inner loop of a search can use it. Vertices that folding has removed are
/// left out. The network and `fusion` must outlive the walk.
///
///     KernelWalk walk(network, fusion);
///     while (walk.next()) use(walk.vertex(), walk.kernels());
class KernelWalk {
 public:
  KernelWalk(const FoldedView& network, const Fusion& fusion);

  /// Goes to the next vertex, at first to the first one. Returns false when there is none.
  bool next();
  int vertex() const { return vertex_; }
  /// In execution order: copies that change the order of an input, then those of the operator. Empty where the vertex
  /// runs inside the kernel of `base()` or needs no work. Valid until the next call of `next`.
  const std::vector<Kernel>& kernels() const { return kernels_; }
  /// The vertex that names the kernel in which this vertex runs: itself unless it is merged into another one.
  int base() const { return values_[static_cast<std::size_t>(vertex_)].base; }

 private:
  struct Value {
    int base = 0;
    Merges merges = Merges::nothing;
  };
  void make_kernels();

  const FoldedView& network_;
  const Fusion& fusion_;
  MapOrders orders_;
  std::vector<Value> values_;
  std::vector<Kernel> kernels_;
  int vertex_ = -1;
};

/// All kernels of a network, in execution order.
std::vector<Kernel> kernels_of(const FoldedView& network, const Fusion& fusion);
/// The same for the network as given, not folded.
std::vector<Kernel> kernels_of(const Architecture& architecture, const Fusion& fusion);

}  // namespace gensynth::latency::model
