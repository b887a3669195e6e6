#include "runtime/torch/network.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <map>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "runtime/torch/forward.hpp"
#include "runtime/torch/process.hpp"

namespace gensynth::libtorch {
namespace {

bool is_buffer(const std::string& name) { return name == "running_mean" || name == "running_var"; }

/// Weights of convolutions have the memory order of the maps.
at::Tensor place_on(const at::Tensor& value, const at::Device& device, MemoryOrder order) {
  const at::Tensor placed = value.to(device);
  const bool last = placed.dim() == 4 && device.is_cpu() && order == MemoryOrder::channels_last;
  return last ? placed.contiguous(at::MemoryFormat::ChannelsLast) : placed;
}

/// Whether the output of this operator may be overwritten by its only reader: it has its own memory, and its derivative
/// does not need its output.
bool may_be_overwritten(const Operator& op) {
  return std::holds_alternative<Convolution>(op) || std::holds_alternative<BatchNorm>(op) ||
         std::holds_alternative<Linear>(op) || std::holds_alternative<Add>(op);
}

}  // namespace

struct Network::Impl {
  Architecture architecture;
  at::Device device;
  MemoryOrder order;
  std::vector<VertexTensors> held;        // by vertex
  std::vector<std::vector<int>> release;  // for each vertex, those whose last reader it is
  std::uint64_t mask_seed = 0;
  bool training = true;

  Impl(const Architecture& a, std::uint64_t seed, const std::string& device_name, MemoryOrder memory)
      : architecture(a), device(torch_device(device_name)), order(memory), mask_seed(seed) {
    allocate(initial_weights(architecture, seed));
    release.resize(held.size());
    for (int v = 0; v < architecture.size(); ++v) {
      int last = -1;
      for (const int user : architecture.users(v)) last = std::max(last, user);
      if (last >= 0) release[static_cast<std::size_t>(last)].push_back(v);
    }
  }

  void allocate(const Weights& initial) {
    held.resize(static_cast<std::size_t>(architecture.size()));
    std::map<std::string, std::size_t> by_id;
    for (int v = 0; v < architecture.size(); ++v) by_id[architecture[v].id] = static_cast<std::size_t>(v);
    for (const auto& [name, shape] : weight_shapes(architecture)) {
      const std::size_t dot = name.rfind('.');
      VertexTensors& vertex = held.at(by_id.at(name.substr(0, dot)));
      vertex.names.push_back(name.substr(dot + 1));
      at::Tensor value = place_on(at::empty(shape, at::kFloat), device, order);
      vertex.tensors.push_back(value.set_requires_grad(!is_buffer(vertex.names.back())));
    }
    for (int v = 1; v < architecture.size(); ++v) {
      const at::Tensor constant = operator_constant(architecture.op(v), architecture.shape(architecture.input(v, 0)));
      if (constant.defined()) held[static_cast<std::size_t>(v)].constants = {place_on(constant, device, order)};
    }
    copy_in(initial);
  }

  /// Calls what(full name, name, tensor) for every array in vertex order.
  template <class What>
  void for_each(What what) const {
    for (std::size_t v = 0; v < held.size(); ++v) {
      for (std::size_t i = 0; i < held[v].names.size(); ++i) {
        what(architecture[static_cast<int>(v)].id + "." + held[v].names[i], held[v].names[i], held[v].tensors[i]);
      }
    }
  }

  void copy_in(const Weights& weights) {
    const c10::NoGradGuard no_grad;
    for_each([&](const std::string& name, const std::string&, at::Tensor tensor) {
      const WeightArray& array = weights.at(name);
      // from_blob wants a mutable pointer; the copy only reads it.
      tensor.copy_(at::from_blob(const_cast<float*>(array.values.data()), array.shape, at::kFloat));
    });
  }

  bool reuses_input(int v) const {
    if (!std::holds_alternative<Activation>(architecture.op(v))) return false;
    const int before = architecture.input(v, 0);
    return architecture.out_degree(before) == 1 && may_be_overwritten(architecture.op(before));
  }

  at::Tensor forward(const at::Tensor& images, const std::function<void(int, const at::Tensor&)>& visit) {
    const Shape& wanted = architecture.shape(0);
    const std::vector<std::int64_t> expected{wanted.channels, wanted.height, wanted.width};
    if (images.dim() != 4 || images.sizes().slice(1) != at::IntArrayRef(expected)) {
      std::string got;
      for (const std::int64_t extent : images.sizes()) got += (got.empty() ? "[" : ", ") + std::to_string(extent);
      throw Error("network '" + architecture.name() + "': images of shape " + got + "], expected [N, " +
                  to_string(wanted).substr(1));
    }
    std::vector<at::Tensor> values(held.size());
    values[0] = images.to(device);
    if (device.is_cpu()) {
      values[0] = values[0].contiguous(in_planes() ? at::MemoryFormat::Contiguous : at::MemoryFormat::ChannelsLast);
    }
    if (visit) visit(0, values[0]);
    for (int v = 1; v < architecture.size(); ++v) {
      std::vector<at::Tensor> inputs;
      for (const int source : architecture.inputs(v)) inputs.push_back(values[static_cast<std::size_t>(source)]);
      values[static_cast<std::size_t>(v)] = run_vertex(v, inputs, !visit && reuses_input(v));
      inputs.clear();
      if (visit) visit(v, values[static_cast<std::size_t>(v)]);
      for (const int done : release[static_cast<std::size_t>(v)]) values[static_cast<std::size_t>(done)].reset();
    }
    return values[static_cast<std::size_t>(architecture.output())];
  }

  bool in_planes() const { return device.is_cpu() && order == MemoryOrder::planes; }

  at::Tensor run_vertex(int v, const std::vector<at::Tensor>& inputs, bool reuse) const {
    const ForwardMode mode{training, reuse, derive_seed(mask_seed, static_cast<std::uint64_t>(v), "dropout"),
                           in_planes()};
    try {
      const Shape& to = architecture.shape(v);
      const at::Tensor out = forward_operator(architecture.op(v), inputs, held[static_cast<std::size_t>(v)],
                                              architecture.shape(architecture.input(v, 0)), to, mode);
      return in_planes() && to.layout == Layout::map ? out.contiguous() : out;
    } catch (const c10::Error& error) {
      throw Error("network '" + architecture.name() + "', vertex '" + architecture[v].id +
                  "': " + error.what_without_backtrace());
    }
  }
};

Network::Network(const Architecture& architecture, std::uint64_t seed, const std::string& device, MemoryOrder order)
    : impl_(std::make_unique<Impl>(architecture, seed, device, order)) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

at::Tensor Network::forward(const at::Tensor& images) { return impl_->forward(images, {}); }

at::Tensor Network::forward(const at::Tensor& images, const std::function<void(int, const at::Tensor&)>& visit) {
  return impl_->forward(images, visit);
}

void Network::train(bool on) { impl_->training = on; }

void Network::reseed(std::uint64_t seed) { impl_->mask_seed = seed; }

std::vector<at::Tensor> Network::parameters() const {
  std::vector<at::Tensor> out;
  impl_->for_each([&](const std::string&, const std::string& name, const at::Tensor& tensor) {
    if (!is_buffer(name)) out.push_back(tensor);
  });
  return out;
}

std::vector<at::Tensor> Network::buffers() const {
  std::vector<at::Tensor> out;
  impl_->for_each([&](const std::string&, const std::string& name, const at::Tensor& tensor) {
    if (is_buffer(name)) out.push_back(tensor);
  });
  return out;
}

std::vector<bool> Network::decays() const {
  std::vector<bool> out;
  for (const at::Tensor& parameter : parameters()) out.push_back(parameter.dim() >= 2);
  return out;
}

Weights Network::weights() const {
  Weights out;
  impl_->for_each([&](const std::string& full, const std::string&, const at::Tensor& tensor) {
    const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
    const float* values = plain.data_ptr<float>();
    out[full] = {plain.sizes().vec(), {values, values + plain.numel()}};
  });
  return out;
}

void Network::load(const Weights& weights) {
  check_weights(impl_->architecture, weights, "weights for '" + impl_->architecture.name() + "'");
  impl_->copy_in(weights);
}

const Architecture& Network::architecture() const { return impl_->architecture; }

}  // namespace gensynth::libtorch
