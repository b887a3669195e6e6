#include "architecture/cost.hpp"

#include <algorithm>
#include <vector>

namespace gensynth {
namespace {

constexpr std::int64_t kBytes = 4;  // bytes of an FP32 value

/// Projections to 3C and back, and the two attention products.
VertexCost attention_cost(const Shape& in, bool qkv_bias, std::int64_t product_macs) {
  const std::int64_t c = in.channels;
  const std::int64_t sets = in.height;
  const std::int64_t tokens = in.width;
  return {4 * c * c + (qkv_bias ? 3 * c : 0) + c, sets * (tokens * 4 * c * c + product_macs)};
}

VertexCost operator_cost(const Operator& op, const Shape& in, const Shape& out) {
  const std::int64_t c = in.channels;
  return std::visit(
      Overloaded{
          [&](const Convolution& conv) {
            const std::int64_t window = c / conv.groups * conv.kernel.h * conv.kernel.w;
            return VertexCost{window * out.channels + (conv.bias ? out.channels : 0), window * out.elements()};
          },
          [&](const BatchNorm&) {
            return VertexCost{2 * c, 0};
          },
          [&](const LayerNorm&) {
            return VertexCost{2 * c, 0};
          },
          [&](const Activation& activation) {
            return VertexCost{activation.kind == ActivationKind::prelu ? c : 0, 0};
          },
          [&](const Linear& linear) {
            const std::int64_t places = in.elements() / c;
            return VertexCost{c * linear.out_features + (linear.bias ? linear.out_features : 0),
                              places * c * linear.out_features};
          },
          [&](const MultiHeadAttention& attention) {
            return attention_cost(in, attention.qkv_bias, 2 * std::int64_t{in.width} * in.width * c);
          },
          [&](const CrossCovarianceAttention& attention) {
            VertexCost cost =
                attention_cost(in, attention.qkv_bias, 2 * std::int64_t{in.width} * c * (c / attention.heads));
            cost.params += attention.heads;
            return cost;
          },
          [&](const PositionalEncoding& code) {
            return VertexCost{2 * code.hidden * c + c, 2 * code.hidden * out.elements()};
          },
          [&](const Scale& scale) {
            return VertexCost{scale.per_channel ? c : 1, 0};
          },
          [](const Input&) { return VertexCost{}; },
          [](const Pool&) { return VertexCost{}; },
          [](const BlurPool&) { return VertexCost{}; },
          [](const GlobalPool&) { return VertexCost{}; },
          [](const Resize&) { return VertexCost{}; },
          [](const Add&) { return VertexCost{}; },
          [](const Multiply&) { return VertexCost{}; },
          [](const Concat&) { return VertexCost{}; },
          [](const Split&) { return VertexCost{}; },
          [](const ChannelShuffle&) { return VertexCost{}; },
          [](const ToTokens&) { return VertexCost{}; },
          [](const FromTokens&) { return VertexCost{}; },
          [](const Zero&) { return VertexCost{}; },
          [](const Dropout&) { return VertexCost{}; },
      },
      op);
}

bool works_in_place(const Operator& op) {
  return std::holds_alternative<BatchNorm>(op) || std::holds_alternative<Activation>(op) ||
         std::holds_alternative<Scale>(op) || std::holds_alternative<Dropout>(op);
}

bool is_layer(const Operator& op) {
  return std::holds_alternative<Convolution>(op) || std::holds_alternative<Linear>(op) ||
         std::holds_alternative<MultiHeadAttention>(op) || std::holds_alternative<CrossCovarianceAttention>(op);
}

}  // namespace

VertexCost vertex_cost(const Architecture& architecture, int vertex) {
  const Vertex& v = architecture[vertex];
  const Shape& in =
      architecture.in_degree(vertex) == 0 ? v.shape : architecture.shape(*architecture.inputs(vertex).begin());
  return operator_cost(v.op, in, v.shape);
}

Cost cost(const Architecture& architecture) {
  Cost total;
  const int count = architecture.size();
  std::vector<int> last_use(static_cast<std::size_t>(count), 0);
  std::vector<int> depth(static_cast<std::size_t>(count), 0);
  for (int v = 0; v < count; ++v) {
    for (const int u : architecture.inputs(v)) last_use[static_cast<std::size_t>(u)] = v;
  }
  last_use[static_cast<std::size_t>(architecture.output())] = count;

  std::int64_t alive = 0;
  for (int v = 0; v < count; ++v) {
    const Vertex& vertex = architecture[v];
    const VertexCost here = vertex_cost(architecture, v);
    total.params += here.params;
    total.macs += here.macs;
    const std::int64_t bytes = kBytes * vertex.shape.elements();
    if (v != architecture.input()) total.activation_bytes += bytes;

    int deepest = 0;
    std::int64_t released = 0;
    int previous = -1;
    for (const int u : architecture.inputs(v)) {
      deepest = std::max(deepest, depth[static_cast<std::size_t>(u)]);
      if (last_use[static_cast<std::size_t>(u)] != v) continue;
      last_use[static_cast<std::size_t>(u)] = -1;  // released once, even if v reads u at several ports
      released += kBytes * architecture.shape(u).elements();
      previous = u;
    }
    depth[static_cast<std::size_t>(v)] = deepest + (is_layer(vertex.op) ? 1 : 0);
    const bool in_place = previous >= 0 && works_in_place(vertex.op);
    total.peak_memory_bytes = std::max(total.peak_memory_bytes, alive + (in_place ? 0 : bytes));
    alive += bytes - released;
  }
  total.depth = depth[static_cast<std::size_t>(architecture.output())];
  return total;
}

void set_cost(const Cost& cost, int vertices, Metrics& metrics) {
  const auto set = [&](const char* name, std::int64_t value, const char* unit) {
    metrics.set(name, Quantity::exact(static_cast<double>(value), unit));
  };
  set("params", cost.params, "");
  set("macs", cost.macs, "");
  set("weight_bytes", kBytes * cost.params, "bytes");
  set("activation_bytes", cost.activation_bytes, "bytes");
  set("peak_memory_bytes", cost.peak_memory_bytes, "bytes");
  set("depth", cost.depth, "");
  set("vertices", vertices, "");
}

}  // namespace gensynth
