#include "runtime/quantisation/equalisation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gensynth::quantisation {
namespace {

constexpr int kRounds = 10;

bool is_layer(const Operator& op) {
  return std::holds_alternative<Convolution>(op) || std::holds_alternative<Linear>(op);
}

/// Whether f(s x) = s f(x) for positive s.
bool is_homogeneous(const Operator& op) {
  const auto* activation = std::get_if<Activation>(&op);
  return activation != nullptr &&
         (activation->kind == ActivationKind::relu || activation->kind == ActivationKind::prelu);
}

/// The layer that alone reads `v`, or -1.
int next_layer(const Architecture& net, int v) {
  for (int at = v; net.out_degree(at) == 1 && at != net.output();) {
    at = *net.users(at).begin();
    if (is_layer(net.op(at))) return at;
    if (!is_homogeneous(net.op(at))) return -1;
  }
  return -1;
}

/// Calls `visit` (input channel, value) with each weight of a layer.
template <class Visit>
void for_each_input(const Operator& op, WeightArray& array, int in_channels, Visit visit) {
  const auto* convolution = std::get_if<Convolution>(&op);
  const auto out = static_cast<std::size_t>(array.shape[0]);
  const auto in = static_cast<std::size_t>(array.shape[1]);  // of one group
  const std::size_t places = array.values.size() / out / in;
  const std::size_t groups = convolution != nullptr ? static_cast<std::size_t>(convolution->groups) : 1;
  const std::size_t group_in = static_cast<std::size_t>(in_channels) / groups;
  for (std::size_t o = 0; o < out; ++o) {
    const std::size_t first = o * groups / out * group_in;
    for (std::size_t i = 0; i < in; ++i) {
      for (std::size_t p = 0; p < places; ++p) visit(first + i, array.values[(o * in + i) * places + p]);
    }
  }
}

void equalise_pair(const Architecture& net, int first, int second, Weights& weights) {
  WeightArray& before = weights.at(net[first].id + ".weight");
  WeightArray& after = weights.at(net[second].id + ".weight");
  const auto channels = static_cast<std::size_t>(before.shape[0]);
  const std::size_t row = before.values.size() / channels;
  std::vector<float> largest(channels, 0.0F);
  for_each_input(net.op(second), after, net.shape(first).channels,
                 [&](std::size_t i, float value) { largest[i] = std::max(largest[i], std::abs(value)); });
  std::vector<float> factors(channels, 1.0F);
  for (std::size_t c = 0; c < channels; ++c) {
    float own = 0;
    for (std::size_t i = 0; i < row; ++i) own = std::max(own, std::abs(before.values[c * row + i]));
    if (own > 0 && largest[c] > 0) factors[c] = std::sqrt(own / largest[c]);
    for (std::size_t i = 0; i < row; ++i) before.values[c * row + i] /= factors[c];
  }
  const auto bias = weights.find(net[first].id + ".bias");
  if (bias != weights.end()) {
    for (std::size_t c = 0; c < channels; ++c) bias->second.values[c] /= factors[c];
  }
  for_each_input(net.op(second), after, net.shape(first).channels,
                 [&](std::size_t i, float& value) { value *= factors[i]; });
}

}  // namespace

Weights equalised(const Architecture& network, const Weights& weights, int& pairs) {
  Weights result = weights;
  pairs = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (int v = 1; v < network.size(); ++v) {
      const int next = is_layer(network.op(v)) ? next_layer(network, v) : -1;
      if (next < 0) continue;
      equalise_pair(network, v, next, result);
      pairs += round == 0 ? 1 : 0;
    }
  }
  return result;
}

}  // namespace gensynth::quantisation
