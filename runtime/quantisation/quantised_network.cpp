#include "runtime/quantisation/quantised_network.hpp"

#include <algorithm>
#include <cmath>

namespace gensynth::quantisation {
namespace {

constexpr float kLargest = 127;

bool is_layer(const Operator& op) {
  return std::holds_alternative<Convolution>(op) || std::holds_alternative<Linear>(op);
}

std::optional<Encoding> prescribed(const Operator& op) {
  const auto* activation = std::get_if<Activation>(&op);
  if (activation == nullptr) return std::nullopt;
  if (activation->kind == ActivationKind::sigmoid) return kSigmoid;
  if (activation->kind == ActivationKind::tanh) return kTanh;
  return std::nullopt;
}

float scale_of(const QuantisedNetwork& net, int v) {
  const auto& encoding = net.encodings[static_cast<std::size_t>(v)];
  return encoding ? encoding->scale : 0.0F;
}

/// The least scale that a vertex's result may have. Runtimes multiply what they computed in steps of the inputs'
/// scales by a factor below 256; values that small are those of vertices without effect.
float least_scale(const QuantisedNetwork& result, int v) {
  constexpr float kLargestFactor = 200;
  const Architecture& net = result.network;
  int from = v;  // where it is computed
  const int before = net.input(v, 0);
  if (before > 0 && result.places[static_cast<std::size_t>(before)].fused) from = before;
  const Operator& op = net.op(from);
  float steps = std::holds_alternative<Multiply>(op) ? 1.0F : 0.0F;
  for (const int input : net.inputs(from)) {
    const float scale = scale_of(result, input);
    steps = std::holds_alternative<Multiply>(op) ? steps * scale : std::max(steps, scale);
  }
  if (is_layer(op)) {
    float largest = 0;
    for (const float value : result.weights.at(net[from].id + ".weight").values)
      largest = std::max(largest, std::abs(value));
    steps *= largest / kLargest;
  }
  return steps / kLargestFactor;
}

Encoding encoding_at(const QuantisedNetwork& result, int v, const VertexStatistics& statistics,
                     const QuantisationOptions& options) {
  if (v == 0 && options.images) return *options.images;
  if (v > 0 && keeps_encoding(result.network, v)) {
    if (const auto& same = result.encodings[static_cast<std::size_t>(result.network.input(v, 0))]) return *same;
  }
  if (const auto fixed = prescribed(result.network.op(v))) return *fixed;
  const Range range = statistics.histogram.clipped(options.calibration);
  const Encoding encoding = encoding_of(range.low, range.high);
  const float least = v == 0 ? 0.0F : least_scale(result, v);
  if (!(encoding.scale < least)) return encoding;
  return {least, encoding.zero_point};
}

/// Scales by output channel. A scale must not be so small that runtimes lose the channel: they multiply sums by
/// input scale * scale / output scale, with 31 bits, and store a bias in 32 bits in steps of input scale * scale.
std::vector<float> scales_of(const WeightArray& array, const std::vector<float>& bias, float input_scale,
                             float output_scale) {
  constexpr float kLeastFactor = 1.0F / (1 << 20);
  constexpr float kMostSteps = 1 << 30;
  const auto channels = static_cast<std::size_t>(array.shape[0]);
  const std::size_t row = array.values.size() / channels;
  std::vector<float> scales;
  for (std::size_t c = 0; c < channels; ++c) {
    float largest = 0;
    for (std::size_t i = 0; i < row; ++i) largest = std::max(largest, std::abs(array.values[c * row + i]));
    float scale = std::max(largest / kLargest, output_scale / input_scale * kLeastFactor);
    if (!bias.empty()) scale = std::max(scale, std::abs(bias[c]) / input_scale / kMostSteps);
    scales.push_back(scale);
  }
  return scales;
}

/// Rounds the weights of a layer; returns the mean of its outputs' errors, by channel.
std::vector<double> round_layer(const Operator& op, WeightArray& array, const std::vector<float>& scales,
                                const std::vector<double>& input_means) {
  const auto* convolution = std::get_if<Convolution>(&op);
  const std::size_t out = scales.size();
  const auto in = static_cast<std::size_t>(array.shape[1]);
  const std::size_t places = array.values.size() / out / in;
  const std::size_t groups = convolution != nullptr ? static_cast<std::size_t>(convolution->groups) : 1;
  std::vector<double> errors(out, 0.0);
  for (std::size_t o = 0; o < out; ++o) {
    const std::size_t first = o * groups / out * in;
    for (std::size_t i = 0; i < in; ++i) {
      for (std::size_t p = 0; p < places; ++p) {
        float& value = array.values[(o * in + i) * places + p];
        const float steps = std::clamp(std::nearbyint(value / scales[o]), -kLargest, kLargest);
        errors[o] += (static_cast<double>(steps * scales[o]) - value) * input_means[first + i];
        value = steps * scales[o];
      }
    }
  }
  return errors;
}

void quantise_layer(QuantisedNetwork& result, int v, const VertexStatistics& input, const Encoding& encoding,
                    bool correct_bias) {
  const std::string name = result.network[v].id + ".weight";
  const auto bias = result.weights.find(result.network[v].id + ".bias");
  WeightArray& array = result.weights.at(name);
  // Where a ReLU is computed with the layer, its result is what is stored.
  int stored = v;
  while (!result.encodings[static_cast<std::size_t>(stored)]) stored = *result.network.users(stored).begin();
  const float output_scale = result.encodings[static_cast<std::size_t>(stored)]->scale;
  const std::vector<float> scales = scales_of(
      array, bias == result.weights.end() ? std::vector<float>{} : bias->second.values, encoding.scale, output_scale);
  const std::vector<double> errors = round_layer(result.network.op(v), array, scales, input.means);
  for (std::size_t c = 0; bias != result.weights.end() && c < scales.size(); ++c) {
    float& value = bias->second.values[c];
    if (correct_bias) value -= static_cast<float>(errors[c]);
    const float step = scales[c] * encoding.scale;
    value = std::nearbyint(value / step) * step;
  }
  result.scales[name] = scales;
}

/// Slopes and factors, which are constants of a product.
void quantise_constant(QuantisedNetwork& result, const std::string& name) {
  const auto found = result.weights.find(name);
  if (found == result.weights.end()) return;
  std::vector<float>& values = found->second.values;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const Encoding encoding = encoding_of(*low, *high);
  for (float& value : values) value = rounded(value, encoding);
  result.constants[name] = encoding;
}

}  // namespace

std::string blur_array(const std::string& vertex) { return vertex + ".kernel"; }

std::int64_t QuantisedNetwork::weight_bytes() const {
  std::int64_t bytes = 0;
  for (const auto& [name, array] : weights) {
    const auto count = static_cast<std::int64_t>(array.values.size());
    const auto scale = scales.find(name);
    if (scale != scales.end()) {
      bytes += count + 4 * static_cast<std::int64_t>(scale->second.size());
    } else {
      bytes += constants.contains(name) ? count : 4 * count;
    }
  }
  return bytes;
}

QuantisedNetwork quantised(const Architecture& network, const Weights& weights,
                           const std::vector<VertexStatistics>& statistics, const QuantisationOptions& options) {
  QuantisedNetwork result{network, weights, placement(network, options.keep), {}, {}, {}};
  result.encodings.resize(result.places.size());
  for (int v = 0; v < network.size(); ++v) {
    const auto at = static_cast<std::size_t>(v);
    if (result.places[at].stored) result.encodings[at] = encoding_at(result, v, statistics[at], options);
  }
  for (int v = 1; v < network.size(); ++v) {
    const auto at = static_cast<std::size_t>(v);
    if (!result.places[at].integer) continue;
    const auto from = static_cast<std::size_t>(network.input(v, 0));
    const Operator& op = network.op(v);
    if (is_layer(op)) quantise_layer(result, v, statistics[from], *result.encodings[from], options.correct_bias);
    if (const auto* blur = std::get_if<BlurPool>(&op)) {
      // Binomial coefficients over a power of two are stored exactly.
      const auto scale = static_cast<float>(std::exp2(-2 * (blur->taps - 1)));
      result.scales[blur_array(network[v].id)].assign(static_cast<std::size_t>(network.shape(v).channels), scale);
    }
    if (!is_layer(op)) quantise_constant(result, network[v].id + ".weight");
  }
  return result;
}

}  // namespace gensynth::quantisation
