#include "architecture/rewrite/fold_weights.hpp"

#include <cmath>

namespace gensynth {
namespace {

/// A batch norm as y = factor x + offset, by channel.
struct Affine {
  std::vector<double> factor;
  std::vector<double> offset;
};

Affine affine(const Weights& weights, const std::string& id, double eps) {
  const std::vector<float>& weight = weights.at(id + ".weight").values;
  const std::vector<float>& bias = weights.at(id + ".bias").values;
  const std::vector<float>& mean = weights.at(id + ".running_mean").values;
  const std::vector<float>& variance = weights.at(id + ".running_var").values;
  Affine result;
  for (std::size_t c = 0; c < weight.size(); ++c) {
    const double factor = weight[c] / std::sqrt(static_cast<double>(variance[c]) + eps);
    result.factor.push_back(factor);
    result.offset.push_back(bias[c] - mean[c] * factor);
  }
  return result;
}

}  // namespace

void erase_arrays(Weights& weights, const std::string& id) {
  const std::string prefix = id + ".";
  for (auto it = weights.lower_bound(prefix); it != weights.end() && it->first.starts_with(prefix);) {
    // An id may itself contain a point: "a.b" has arrays "a.b.weight", which are not arrays of "a".
    if (it->first.find('.', prefix.size()) == std::string::npos) {
      it = weights.erase(it);
    } else {
      ++it;
    }
  }
}

void fold_batch_norm(Weights& weights, const std::string& id, const std::string& norm, double eps) {
  const Affine map = affine(weights, norm, eps);
  const std::size_t channels = map.factor.size();
  std::vector<float>& weight = weights.at(id + ".weight").values;
  const std::size_t row = weight.size() / channels;
  WeightArray& bias = weights[id + ".bias"];
  if (bias.values.empty()) bias = {{static_cast<std::int64_t>(channels)}, std::vector<float>(channels, 0)};
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = c * row; i < (c + 1) * row; ++i) weight[i] = static_cast<float>(weight[i] * map.factor[c]);
    bias.values[c] = static_cast<float>(bias.values[c] * map.factor[c] + map.offset[c]);
  }
}

BranchSum::BranchSum(const Convolution& op, int in_channels)
    : op_(op),
      group_width_(in_channels / op.groups),
      weight_(static_cast<std::size_t>(op.out_channels) *
              static_cast<std::size_t>(group_width_ * op.kernel.h * op.kernel.w)),
      bias_(static_cast<std::size_t>(op.out_channels)) {}

double& BranchSum::centre(int channel) {
  const int row = channel * group_width_ + channel % group_width_;
  return weight_[static_cast<std::size_t>((row * op_.kernel.h + op_.kernel.h / 2) * op_.kernel.w + op_.kernel.w / 2)];
}

void BranchSum::add_identity() {
  for (int c = 0; c < op_.out_channels; ++c) centre(c) += 1;
}

void BranchSum::add_batch_norm(const Weights& weights, const std::string& id, double eps) {
  const Affine map = affine(weights, id, eps);
  has_bias_ = true;
  for (int c = 0; c < op_.out_channels; ++c) {
    centre(c) += map.factor[static_cast<std::size_t>(c)];
    bias_[static_cast<std::size_t>(c)] += map.offset[static_cast<std::size_t>(c)];
  }
}

void BranchSum::add_convolution(const Weights& weights, const std::string& id, const Convolution& branch) {
  const std::vector<float>& values = weights.at(id + ".weight").values;
  const int top = (op_.kernel.h - branch.kernel.h) / 2;
  const int left = (op_.kernel.w - branch.kernel.w) / 2;
  std::size_t i = 0;
  for (int row = 0; row < op_.out_channels * group_width_; ++row) {
    for (int y = 0; y < branch.kernel.h; ++y) {
      for (int x = 0; x < branch.kernel.w; ++x) {
        weight_[static_cast<std::size_t>((row * op_.kernel.h + top + y) * op_.kernel.w + left + x)] += values[i++];
      }
    }
  }
  if (!branch.bias) return;
  has_bias_ = true;
  const std::vector<float>& bias = weights.at(id + ".bias").values;
  for (std::size_t c = 0; c < bias.size(); ++c) bias_[c] += bias[c];
}

void BranchSum::store(Weights& weights, const std::string& id) const {
  weights[id + ".weight"] = {{op_.out_channels, group_width_, op_.kernel.h, op_.kernel.w},
                             std::vector<float>(weight_.begin(), weight_.end())};
  if (has_bias_) weights[id + ".bias"] = {{op_.out_channels}, std::vector<float>(bias_.begin(), bias_.end())};
}

}  // namespace gensynth
