#include "architecture/weights.hpp"

#include <cmath>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"

namespace gensynth {
namespace {

using Dims = std::vector<std::int64_t>;

/// The initial values of an array: drawn from a normal distribution if `deviation` > 0, else all equal to `value`.
struct Array {
  const char* parameter;
  Dims shape;
  float value = 0;
  double deviation = 0;
};

double he_deviation(std::int64_t fan) { return std::sqrt(2.0 / static_cast<double>(fan)); }

std::vector<Array> attention_arrays(std::int64_t c, bool qkv_bias) {
  std::vector<Array> arrays{{"qkv_weight", {3 * c, c}, 0, he_deviation(c)}};
  if (qkv_bias) arrays.push_back({"qkv_bias", {3 * c}});
  arrays.push_back({"proj_weight", {c, c}, 0, he_deviation(c)});
  arrays.push_back({"proj_bias", {c}});
  return arrays;
}

std::vector<Array> arrays_of(const Operator& op, std::int64_t c) {
  using Arrays = std::vector<Array>;
  const auto none = [] { return Arrays{}; };
  return std::visit(
      Overloaded{
          [&](const Convolution& conv) {
            const std::int64_t out = conv.out_channels;
            const std::int64_t fan_out = std::int64_t{conv.kernel.h} * conv.kernel.w * out / conv.groups;
            Arrays arrays{{"weight", {out, c / conv.groups, conv.kernel.h, conv.kernel.w}, 0, he_deviation(fan_out)}};
            if (conv.bias) arrays.push_back({"bias", {out}});
            return arrays;
          },
          [&](const BatchNorm&) {
            return Arrays{{"weight", {c}, 1}, {"bias", {c}}, {"running_mean", {c}}, {"running_var", {c}, 1}};
          },
          [&](const LayerNorm&) {
            return Arrays{{"weight", {c}, 1}, {"bias", {c}}};
          },
          [&](const Activation& activation) {
            return activation.kind == ActivationKind::prelu ? Arrays{{"weight", {c}, 0.25F}} : Arrays{};
          },
          [&](const Linear& linear) {
            Arrays arrays{{"weight", {linear.out_features, c}, 0, he_deviation(c)}};
            if (linear.bias) arrays.push_back({"bias", {linear.out_features}});
            return arrays;
          },
          [&](const MultiHeadAttention& attention) { return attention_arrays(c, attention.qkv_bias); },
          [&](const CrossCovarianceAttention& attention) {
            Arrays arrays = attention_arrays(c, attention.qkv_bias);
            arrays.push_back({"temperature", {attention.heads}, 1});
            return arrays;
          },
          [&](const PositionalEncoding& code) {
            return Arrays{{"weight", {c, 2 * code.hidden}, 0, he_deviation(2 * code.hidden)}, {"bias", {c}}};
          },
          [&](const Scale& scale) {
            return Arrays{{"weight", {scale.per_channel ? c : 1}, static_cast<float>(scale.initial)}};
          },
          [&](const Input&) { return none(); },
          [&](const Pool&) { return none(); },
          [&](const BlurPool&) { return none(); },
          [&](const GlobalPool&) { return none(); },
          [&](const Resize&) { return none(); },
          [&](const Add&) { return none(); },
          [&](const Multiply&) { return none(); },
          [&](const Concat&) { return none(); },
          [&](const Split&) { return none(); },
          [&](const ChannelShuffle&) { return none(); },
          [&](const ToTokens&) { return none(); },
          [&](const FromTokens&) { return none(); },
          [&](const Zero&) { return none(); },
          [&](const Dropout&) { return none(); },
      },
      op);
}

template <class Visit>
void for_each_array(const Architecture& architecture, Visit&& visit) {
  for (int v = 1; v < architecture.size(); ++v) {
    const Vertex& vertex = architecture[v];
    for (const Array& array : arrays_of(vertex.op, architecture.shape(*architecture.inputs(v).begin()).channels)) {
      visit(vertex.id + "." + array.parameter, array);
    }
  }
}

std::int64_t elements(const Dims& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  return count;
}

std::string text(const Dims& shape) {
  std::string out = "[";
  for (const std::int64_t extent : shape) out += (out.size() == 1 ? "" : ", ") + std::to_string(extent);
  return out + "]";
}

}  // namespace

std::vector<std::pair<std::string, Dims>> weight_shapes(const Architecture& architecture) {
  std::vector<std::pair<std::string, Dims>> shapes;
  for_each_array(architecture,
                 [&](std::string name, const Array& array) { shapes.emplace_back(std::move(name), array.shape); });
  return shapes;
}

void check_weights(const Architecture& architecture, const Weights& weights, const std::string& source) {
  std::vector<std::string> known;
  for_each_array(architecture, [&](const std::string& name, const Array& array) {
    const auto found = weights.find(name);
    if (found == weights.end()) {
      throw Error(source + ": array '" + name + "' of shape " + text(array.shape) + " is missing");
    }
    if (found->second.shape != array.shape) {
      throw Error(source + ": array '" + name + "' has shape " + text(found->second.shape) + ", expected " +
                  text(array.shape));
    }
    if (static_cast<std::int64_t>(found->second.values.size()) != elements(array.shape)) {
      throw Error(source + ": array '" + name + "' holds " + std::to_string(found->second.values.size()) +
                  " values, expected " + std::to_string(elements(array.shape)));
    }
    known.push_back(name);
  });
  if (known.size() == weights.size()) return;
  const std::set<std::string> names(known.begin(), known.end());
  for (const auto& [name, array] : weights) {
    if (names.count(name) == 0) throw Error(source + ": unknown array '" + name + "'" + suggestion(name, known));
  }
}

Weights initial_weights(const Architecture& architecture, std::uint64_t seed) {
  Weights weights;
  for_each_array(architecture, [&](const std::string& name, const Array& array) {
    WeightArray& result = weights[name];
    result.shape = array.shape;
    result.values.assign(static_cast<std::size_t>(elements(array.shape)), array.value);
    if (array.deviation <= 0) return;
    Rng rng(derive_seed(seed, 0, name));
    for (float& value : result.values) value = static_cast<float>(array.deviation * standard_normal(rng));
  });
  return weights;
}

}  // namespace gensynth
