#include "runtime/latency/model/fusion.hpp"

namespace gensynth::latency::model {

std::optional<Merges> merged(const Operator& op, const Shape& in, const Shape& out, Merges producer, bool only_reader,
                             const Fusion& fusion) {
  if (std::holds_alternative<Dropout>(op)) return producer;
  if (std::holds_alternative<Resize>(op) && in.height == out.height && in.width == out.width) return Merges::nothing;
  if (!only_reader || producer == Merges::nothing) return std::nullopt;
  if (const auto* activation = std::get_if<Activation>(&op)) {
    const auto kind = static_cast<std::size_t>(activation->kind);
    if (fusion.activations[kind] && !fusion.composed[kind]) return Merges::nothing;
  } else if (std::holds_alternative<BatchNorm>(op) || std::holds_alternative<Scale>(op)) {
    if (fusion.batch_norm && producer == Merges::everything) return Merges::everything;
  }
  return std::nullopt;
}

void merge_sum(Kernel& sum, const Shape& in, Merges producer, bool only_reader, const Fusion& fusion) {
  if (!fusion.add || !only_reader || producer != Merges::everything) return;
  sum.elements_in -= static_cast<double>(in.elements());
  sum.elements_out = 0;
  sum.launches = 0;
}

Merges merges_after(const Operator& op, const Kernel& kernel, const Fusion& fusion) {
  if (std::holds_alternative<Convolution>(op) || std::holds_alternative<Linear>(op)) return Merges::everything;
  const bool elementwise =
      std::holds_alternative<BatchNorm>(op) || std::holds_alternative<Add>(op) || std::holds_alternative<Multiply>(op);
  const bool inside_convolution = kernel.launches == 0;  // a sum that merge_sum has merged
  return elementwise && (fusion.after_elementwise || inside_convolution) ? Merges::activation : Merges::nothing;
}

}  // namespace gensynth::latency::model
