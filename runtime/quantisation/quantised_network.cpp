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

std::vector<std::optional<Encoding>> encodings_of(const Architecture& net, const std::vector<Place>& places,
                                                  const std::vector<VertexStatistics>& statistics,
                                                  const QuantisationOptions& options) {
  std::vector<std::optional<Encoding>> encodings(places.size());
  for (int v = 0; v < net.size(); ++v) {
    const auto at = static_cast<std::size_t>(v);
    if (!places[at].stored) continue;
    if (v == 0) encodings[at] = options.images;
    if (v > 0 && keeps_encoding(net, v)) {
      encodings[at] = encodings[static_cast<std::size_t>(net.input(v, 0))];
    } else if (v > 0) {
      encodings[at] = prescribed(net.op(v));
    }
    if (encodings[at]) continue;
    const Range range = statistics[at].histogram.clipped(options.calibration);
    encodings[at] = encoding_of(range.low, range.high);
  }
  return encodings;
}

/// Scales by output channel. A bias is stored as int32 in steps of the product of the scales of weight and input, so
/// that a scale must not be too small for it.
std::vector<float> scales_of(const WeightArray& array, const std::vector<float>& bias, float input_scale) {
  constexpr float kMostSteps = 1 << 30;
  const auto channels = static_cast<std::size_t>(array.shape[0]);
  const std::size_t row = array.values.size() / channels;
  std::vector<float> scales;
  for (std::size_t c = 0; c < channels; ++c) {
    float largest = 0;
    for (std::size_t i = 0; i < row; ++i) largest = std::max(largest, std::abs(array.values[c * row + i]));
    float scale = largest / kLargest;
    if (!bias.empty()) scale = std::max(scale, std::abs(bias[c]) / input_scale / kMostSteps);
    scales.push_back(scale > 1e-20F ? scale : 1.0F);
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
  const std::vector<float> scales =
      scales_of(array, bias == result.weights.end() ? std::vector<float>{} : bias->second.values, encoding.scale);
  const std::vector<double> errors = round_layer(result.network.op(v), array, scales, input.means);
  if (correct_bias && bias != result.weights.end()) {
    for (std::size_t c = 0; c < errors.size(); ++c) bias->second.values[c] -= static_cast<float>(errors[c]);
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
  result.encodings = encodings_of(network, result.places, statistics, options);
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
