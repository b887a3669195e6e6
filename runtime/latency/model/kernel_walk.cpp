#include "runtime/latency/model/kernel_walk.hpp"

#include "runtime/latency/model/lowering.hpp"

namespace gensynth::latency::model {
namespace {

Ports ports_of(const FoldedView& network, int v, int first) {
  Ports ports;
  ports.in = network.shape(first);
  ports.out = network.shape(v);
  ports.inputs = network.in_degree(v);
  ports.elements_in = static_cast<double>(ports.in.elements());
  ports.elements_out = static_cast<double>(ports.out.elements());
  for (const int u : network.inputs(v)) ports.all_inputs += static_cast<double>(network.shape(u).elements());
  return ports;
}

/// Brings a map from plain order into blocks of channels, or back.
Kernel reordering_kernel(const Shape& shape, int channel_block) {
  const int blocks = (shape.channels + channel_block - 1) / channel_block;
  Kernel kernel;
  kernel.kernel_class = KernelClass::copy;
  kernel.elements_in = kernel.elements_out = static_cast<double>(shape.elements());
  kernel.operations = static_cast<double>(blocks) * channel_block * shape.height * shape.width;
  return kernel;
}

}  // namespace

KernelWalk::KernelWalk(const FoldedView& network, const Fusion& fusion)
    : network_(network),
      fusion_(fusion),
      orders_(network, fusion.channel_block),
      values_(static_cast<std::size_t>(network.size())) {
  kernels_.reserve(8);  // attention has six
}

bool KernelWalk::next() {
  do {
    if (++vertex_ >= network_.size()) return false;
  } while (network_.is_folded(vertex_));
  kernels_.clear();
  make_kernels();
  return true;
}

void KernelWalk::make_kernels() {
  const int v = vertex_;
  const auto inputs = network_.inputs(v);
  const int first = inputs.begin() == inputs.end() ? v : *inputs.begin();
  const Value producer = values_[static_cast<std::size_t>(first)];
  const bool only_reader = network_.out_degree(first) == 1;
  const Operator& op = network_.op(v);
  Value& value = values_[static_cast<std::size_t>(v)];
  if (const auto merges = merged(op, network_.shape(first), network_.shape(v), producer.merges, only_reader, fusion_)) {
    value = {producer.base, *merges};
    orders_.join(v, first);
    return;
  }
  value.base = v;
  const bool plain = !std::holds_alternative<Input>(op) && orders_.enter(v, [&](int u) {
    kernels_.push_back(reordering_kernel(network_.shape(u), fusion_.channel_block));
  });
  const std::size_t copies = kernels_.size();
  lower(op, ports_of(network_, v, first), fusion_, kernels_);
  if (kernels_.size() == copies) return;
  if (std::holds_alternative<Add>(op)) {
    merge_sum(kernels_.back(), network_.shape(first), producer.merges, only_reader, fusion_);
  }
  if (plain) {
    for (std::size_t i = copies; i < kernels_.size(); ++i) kernels_[i].plain = true;
  }
  value.merges = merges_after(op, kernels_.back(), fusion_);
}

std::vector<Kernel> kernels_of(const FoldedView& network, const Fusion& fusion) {
  std::vector<Kernel> all;
  for (KernelWalk walk(network, fusion); walk.next();) {
    all.insert(all.end(), walk.kernels().begin(), walk.kernels().end());
  }
  return all;
}

std::vector<Kernel> kernels_of(const Architecture& architecture, const Fusion& fusion) {
  return kernels_of(FoldedView(architecture, Form::as_given), fusion);
}

}  // namespace gensynth::latency::model
