#include "runtime/latency/model/map_order.hpp"

#include <algorithm>

namespace gensynth::latency::model {

bool MapOrders::all_blocked(int v) const {
  const auto inputs = network_.inputs(v);
  return std::all_of(inputs.begin(), inputs.end(), [&](int u) { return is_blocked(u); });
}

bool MapOrders::reads_blocks(int v) const {
  const auto inputs = network_.inputs(v);
  if (inputs.begin() == inputs.end()) return false;
  const Shape& in = network_.shape(*inputs.begin());
  const Shape& out = network_.shape(v);
  const auto equal_shapes = [&] {
    return std::all_of(inputs.begin(), inputs.end(), [&](int u) { return network_.shape(u) == out; });
  };
  return std::visit(
      Overloaded{[&](const Convolution& op) {
                   const bool depthwise = op.groups == in.channels && op.out_channels == op.groups;
                   if (op.groups > 1 && !depthwise) {
                     return fills(in.channels / op.groups) && fills(op.out_channels / op.groups);
                   }
                   return depthwise || in.channels >= block_;  // with fewer, the kernel reads plain maps
                 },
                 [&](const Pool&) { return fills(in.channels); }, [&](const GlobalPool&) { return all_blocked(v); },
                 [&](const BatchNorm&) { return all_blocked(v); }, [&](const Dropout&) { return all_blocked(v); },
                 [&](const Activation& op) {
                   return op.kind != ActivationKind::hard_sigmoid && op.kind != ActivationKind::hard_swish &&
                          all_blocked(v);
                 },
                 [&](const Resize&) {
                   const bool whole = out.height % in.height == 0 && out.width % in.width == 0;
                   return whole && is_blocked(*inputs.begin());
                 },
                 [&](const Add&) { return all_blocked(v) && equal_shapes(); },
                 [&](const Multiply&) { return all_blocked(v) && equal_shapes(); },
                 [&](const Concat&) {
                   return all_blocked(v) && std::all_of(inputs.begin(), inputs.end(),
                                                        [&](int u) { return fills(network_.shape(u).channels); });
                 },
                 [](const auto&) { return false; }},
      network_.op(v));
}

/// Blur pooling pads plain maps, and filters them by a depthwise convolution. Dense convolutions always write blocks.
bool MapOrders::writes_blocks(int v, bool reads) const {
  const auto* convolution = std::get_if<Convolution>(&network_.op(v));
  return reads || std::holds_alternative<BlurPool>(network_.op(v)) ||
         (convolution != nullptr && convolution->groups == 1);
}

}  // namespace gensynth::latency::model
