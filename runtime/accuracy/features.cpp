#include "runtime/accuracy/features.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "architecture/cost.hpp"

namespace gensynth::accuracy {
namespace {

bool is_smooth(ActivationKind kind) {
  return kind == ActivationKind::hard_swish || kind == ActivationKind::silu || kind == ActivationKind::gelu;
}

/// The classifier: the last linear layer or 1x1 convolution from which only operators that keep the shape lead to
/// the output.
int classifier(const Architecture& architecture) {
  int v = architecture.output();
  while (architecture.in_degree(v) == 1) {
    const Operator& op = architecture.op(v);
    if (std::holds_alternative<Linear>(op) || std::holds_alternative<Convolution>(op)) return v;
    v = *architecture.inputs(v).begin();
  }
  return -1;
}

/// The channels of the last map or token set that is averaged over all places, or of the output if none is.
int width_at_end(const Architecture& architecture) {
  for (int v = architecture.size() - 1; v >= 0; --v) {
    if (!std::holds_alternative<GlobalPool>(architecture.op(v))) continue;
    const Shape& in = architecture.shape(*architecture.inputs(v).begin());
    // The pooling of a gate leads back to a map; that of the head does not.
    if (in.height * in.width > 1 || architecture.out_degree(v) == 1) return in.channels;
  }
  return architecture.shape(architecture.output()).channels;
}

}  // namespace

const std::array<AccuracyFeatureInfo, kAccuracyFeatures>& accuracy_feature_infos() {
  static const std::array<AccuracyFeatureInfo, kAccuracyFeatures> infos{{
      {"log_params", "natural logarithm of the parameters without the classifier's", true},
      {"log_macs", "natural logarithm of the MACs without the classifier's", true},
      {"log_depth", "natural logarithm of convolutions, linear and attention layers on the longest path", true},
      {"log_px", "natural logarithm of the input's height", true},
      {"log_width", "natural logarithm of the channels before the last global pooling", true},
      {"dense_share", "share of MACs in dense convolutions larger than 1x1", false},
      {"depthwise_share", "share of MACs in depthwise convolutions", false},
      {"attention", "whether there is self-attention", false},
      {"gates", "multiplying gates for each layer of depth, at most 0.5", false},
      {"smooth_activations", "share of swish, its hard form and GELU among activations of maps", false},
  }};
  return infos;
}

AccuracyFeatures accuracy_features(const Architecture& architecture) {
  const int head = classifier(architecture);
  double params = 0, macs = 0, dense = 0, depthwise = 0, attention = 0, gates = 0, smooth = 0, activations = 0;
  std::vector<int> depths(static_cast<std::size_t>(architecture.size()));
  int depth = 1;
  for (int v = 0; v < architecture.size(); ++v) {
    int longest = 0;
    for (const int u : architecture.inputs(v)) longest = std::max(longest, depths[static_cast<std::size_t>(u)]);
    const Operator& op = architecture.op(v);
    int layer = 0;
    const VertexCost own = v == head ? VertexCost{} : vertex_cost(architecture, v);
    params += static_cast<double>(own.params);
    macs += static_cast<double>(own.macs);
    if (const auto* convolution = std::get_if<Convolution>(&op)) {
      layer = 1;
      const bool large = convolution->kernel.h * convolution->kernel.w > 1;
      if (convolution->groups == convolution->out_channels && convolution->groups > 1) {
        depthwise += static_cast<double>(own.macs);
      } else if (convolution->groups == 1 && large) {
        dense += static_cast<double>(own.macs);
      }
    } else if (std::holds_alternative<Linear>(op)) {
      layer = 1;
    } else if (std::holds_alternative<MultiHeadAttention>(op) || std::holds_alternative<CrossCovarianceAttention>(op)) {
      layer = 1;
      attention = 1;
    } else if (std::holds_alternative<Multiply>(op)) {
      gates += 1;
    } else if (const auto* activation = std::get_if<Activation>(&op)) {
      const Shape& shape = architecture.shape(v);
      const bool gate = activation->kind == ActivationKind::sigmoid || activation->kind == ActivationKind::hard_sigmoid;
      if (!gate && std::int64_t{shape.height} * shape.width > 1) {
        activations += 1;
        smooth += is_smooth(activation->kind);
      }
    }
    depths[static_cast<std::size_t>(v)] = longest + layer;
    depth = std::max(depth, longest + layer);
  }
  macs = std::max(macs, 1.0);
  return {std::log(std::max(params, 1.0)),
          std::log(macs),
          std::log(depth),
          std::log(architecture.shape(architecture.input()).height),
          std::log(width_at_end(architecture)),
          dense / macs,
          depthwise / macs,
          attention,
          std::min(0.5, gates / depth),
          activations > 0 ? smooth / activations : 0};
}

}  // namespace gensynth::accuracy
