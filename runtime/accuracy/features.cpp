#include "runtime/accuracy/features.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "runtime/accuracy/folded_form.hpp"

namespace gensynth::accuracy {
namespace {

constexpr double kFullLayer = 0.01;     ///< share of values or MACs from which on a layer counts as a whole one
constexpr double kSmallParams = 3e6;    ///< below, parameters are worth more
constexpr double kWideEnough = 1000;    ///< channels before the classifier's pooling that suffice
constexpr double kLargeKernel = 25;     ///< taps; larger windows count as 5x5
constexpr double kDenseEnough = 0.3;    ///< share of MACs in dense convolutions from which on more changes nothing
constexpr double kAttentionFull = 0.1;  ///< share of MACs in attention that counts as a network with attention
constexpr double kLeastDepth = 0.3;

std::size_t at(int n) { return static_cast<std::size_t>(n); }

bool is_attention(const Operator& op) {
  return std::holds_alternative<MultiHeadAttention>(op) || std::holds_alternative<CrossCovarianceAttention>(op);
}

bool is_smooth(ActivationKind kind) {
  return kind == ActivationKind::hard_swish || kind == ActivationKind::silu || kind == ActivationKind::gelu;
}

bool is_gate(ActivationKind kind) { return kind == ActivationKind::sigmoid || kind == ActivationKind::hard_sigmoid; }

/// Halvings from the input's extent to this one.
double log_stride(const Shape& input, const Shape& shape) {
  const double extent = shape.layout == Layout::tokens ? std::sqrt(double(shape.height) * shape.width) : shape.height;
  return std::log2(input.height / std::max(1.0, extent));
}

/// Adds up a network's figures, node by node in topological order.
class Summary {
 public:
  explicit Summary(const Architecture& architecture) : folded_(architecture), form_(folded_.canonical()) {
    mark_heads();
    for (int n = 1; n < form_.size(); ++n) {
      if (!folded_.gone(n)) count(n);
    }
    count_activations();
  }

  bool constant() const { return form_.outputs().empty(); }

  AccuracyFigures figures() const {
    const Architecture& net = form_.architecture();
    const double macs = std::max(1.0, macs_);
    const double values = std::max(1.0, values_);
    const double log_params = std::log(std::max(1.0, params_));
    double heaviest = 0;
    const double depth = longest_path(macs, values, heaviest);
    AccuracyFigures result;
    result.params = params_ + head_params_;
    result.macs = macs_ + head_macs_;
    result.features = {log_params,
                       std::min(log_params, std::log(kSmallParams)),
                       stride_by_macs_ / macs,
                       stride_by_values_ / values,
                       std::min(1.0, attention_ / macs / kAttentionFull),
                       std::log(std::clamp(width_, 1.0, kWideEnough)),
                       std::log(std::max(kLeastDepth, depth)),
                       std::log(net.shape(net.input()).height),
                       std::log2(std::max(1.0, extent_at_end_)),
                       std::min(kDenseEnough, dense_ / macs),
                       spatial_ > 0 ? std::min(std::log(kLargeKernel), log_taps_ / spatial_) : 0,
                       activated_ > 0 ? smooth_ / activated_ : 0,
                       heaviest / macs,
                       std::min(1.0, gated_ / values)};
    return result;
  }

 private:
  struct Layer {
    double macs = 0;
    double values = 0;
  };

  void mark_heads() {
    heads_.assign(at(form_.size()), 0);
    for (const int n : form_.outputs()) {
      const Shape& shape = form_.shape(n);
      const Operator& op = form_.op(n);
      const bool layer = std::holds_alternative<Linear>(op) || std::holds_alternative<Convolution>(op);
      heads_[at(folded_.replacement(n))] = layer && shape.height * shape.width == 1 ? 1 : 0;
    }
    layers_.resize(at(form_.size()));
  }

  static double weights(const CanonicalNode& node, const Operator& op) {
    if (std::holds_alternative<Convolution>(op))
      return double(node.fan_in) * node.channels() * node.taps.h * node.taps.w;
    if (std::holds_alternative<Linear>(op)) return double(node.fan_in) * node.channels();
    return is_attention(op) ? 4.0 * node.channels() * node.channels() : 0;
  }

  void count(int n) {
    const CanonicalNode& node = form_[n];
    const Operator& op = form_.op(n);
    const Shape& shape = form_.shape(n);
    const double places = double(shape.height) * shape.width;
    const double values = node.channels() * places;
    if (std::holds_alternative<Multiply>(op)) gated_ += values;
    if (std::holds_alternative<GlobalPool>(op)) {
      width_ = node.vertex == last_pool_ ? width_ + node.channels() : node.channels();
      last_pool_ = node.vertex;
      extent_at_end_ = form_.input_shape(n).height;
    }
    const auto* convolution = std::get_if<Convolution>(&op);
    if (convolution == nullptr && !std::holds_alternative<Linear>(op) && !is_attention(op)) return;
    const double macs = double(node.macs);
    if (heads_[at(n)] != 0) {
      head_params_ += weights(node, op);
      head_macs_ += macs;
      return;
    }
    layers_[at(n)] = {macs, values};
    params_ += weights(node, op);
    macs_ += macs;
    values_ += values;
    const double stride = log_stride(form_.architecture().shape(0), shape);
    stride_by_macs_ += macs * stride;
    if (shape.layout == Layout::map && places > 1) stride_by_values_ += values * stride;
    if (is_attention(op)) attention_ += macs;
    const int taps = node.taps.h * node.taps.w;
    if (convolution == nullptr || taps == 1) return;
    if (node.flow == ChannelFlow::all) dense_ += macs;
    spatial_ += values;
    log_taps_ += values * std::log(taps);
  }

  void count_activations() {
    const Architecture& net = form_.architecture();
    std::vector<int> nodes;
    for (int v = 1; v < net.size(); ++v) {
      const auto* activation = std::get_if<Activation>(&net.op(v));
      if (activation == nullptr || is_gate(activation->kind)) continue;
      nodes.clear();
      form_.append_nodes(v, nodes);
      const double places = double(net.shape(v).height) * net.shape(v).width;
      for (const int n : nodes) {
        const double values = form_[n].channels() * places;
        activated_ += values;
        if (is_smooth(activation->kind)) smooth_ += values;
      }
    }
  }

  bool is_nonlinear(int n) const {
    const Operator& op = form_.op(n);
    const auto* pool = std::get_if<Pool>(&op);
    return folded_.activated(n) || std::holds_alternative<Activation>(op) || std::holds_alternative<Multiply>(op) ||
           (pool != nullptr && pool->kind == PoolKind::max) || is_attention(op);
  }

  /// Layers on the longest path: each counts by the square of its share (of kFullLayer), and layers without a
  /// nonlinearity between them count as one. `heaviest`: the most MACs on a path.
  double longest_path(double macs, double values, double& heaviest) const {
    struct Reach {
      double depth = 0;
      double open = 0;  ///< how much of a layer has been counted since the last nonlinearity
      double macs = 0;
    };
    std::vector<Reach> reached(at(form_.size()));
    for (int n = 1; n < form_.size(); ++n) {
      if (folded_.gone(n)) continue;
      Reach& reach = reached[at(n)];
      for (const int u : form_.inputs(n)) {
        const Reach& before = reached[at(folded_.replacement(u))];
        if (before.depth > reach.depth || (before.depth == reach.depth && before.open > reach.open)) {
          reach.depth = before.depth;
          reach.open = before.open;
        }
        reach.macs = std::max(reach.macs, before.macs);
      }
      const Layer& layer = layers_[at(n)];
      if (layer.values > 0) {
        // Squared, so that many tiny layers do not add up to a whole one.
        const double share = std::min(1.0, std::max(layer.values / values, layer.macs / macs) / kFullLayer);
        const double weight = share * share;
        reach.depth += std::max(0.0, weight - reach.open);
        reach.open = std::max(reach.open, weight);
        reach.macs += layer.macs;
      }
      if (is_nonlinear(n)) reach.open = 0;
    }
    double depth = 0;
    for (const int n : form_.outputs()) {
      const Reach& reach = reached[at(folded_.replacement(n))];
      depth = std::max(depth, reach.depth);
      heaviest = std::max(heaviest, reach.macs);
    }
    return depth;
  }

  FoldedForm folded_;
  const CanonicalForm& form_;
  std::vector<char> heads_;
  std::vector<Layer> layers_;
  double params_ = 0, macs_ = 0, values_ = 0, head_params_ = 0, head_macs_ = 0;
  double stride_by_macs_ = 0, stride_by_values_ = 0;
  double attention_ = 0, dense_ = 0, spatial_ = 0, log_taps_ = 0, gated_ = 0;
  double activated_ = 0, smooth_ = 0;
  double width_ = 0, extent_at_end_ = 0;
  int last_pool_ = -1;
};

}  // namespace

const std::array<AccuracyFeatureInfo, kAccuracyFeatures>& accuracy_feature_infos() {
  using enum FeatureRole;
  static const std::array<AccuracyFeatureInfo, kAccuracyFeatures> infos{{
      {"log_params", "natural logarithm of the weights without the classifier's", grows, 0},
      {"log_params_small", "the same, at most that of 3 million: small networks gain more from each weight", grows, 0},
      {"mac_stride", "halvings of the map before a MAC, on average", free, 0},
      {"value_stride", "halvings of the map before a value that a layer computes, on average", free, 0},
      {"attention", "share of MACs in self-attention, in tenths, at most 1", free, 0},
      {"log_width", "natural logarithm of the channels before the last global pooling, at most 1000", grows, 0},
      {"log_depth",
       "natural logarithm of the layers on the longest path; a layer with 1 % of the values or MACs is a whole one, a "
       "smaller one counts by the square of its share of that, and layers without a nonlinearity between them are one",
       grows, 0},
      {"log_px", "natural logarithm of the input's height", grows, 0},
      {"log_end", "base-2 logarithm of the height of the map that the last global pooling averages", grows, 0},
      {"dense", "share of MACs in convolutions larger than 1x1 without groups, at most 0.3", free, 0},
      {"log_kernel", "natural logarithm of the taps of spatial convolutions, on average by values, at most 25", free,
       0},
      {"smooth", "share of swish, its hard form and GELU among activated values", free, 0},
      {"path", "share of MACs on the heaviest path: 1 for a trunk, 1/N for N equal columns", structure, 0.1},
      {"gated", "values that gates multiply for each value that a layer computes, at most 1", structure, 0},
  }};
  return infos;
}

AccuracyFigures accuracy_figures(const Architecture& architecture) {
  const Summary summary(architecture);
  if (!summary.constant()) return summary.figures();
  AccuracyFigures result;
  result.constant = true;
  return result;
}

}  // namespace gensynth::accuracy
