#pragma once

#include <cmath>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"

namespace gensynth {

/// The output of a network of convolutions, batch norms, linear layers, sums, ReLUs, concats, global pooling and
/// identities for one image, by plain loops in double precision. Any other operator stops the test.
class ReferenceNetwork {
 public:
  ReferenceNetwork(const Architecture& net, const Weights& weights) : net_(net), weights_(weights) {}

  using Tensor = std::vector<double>;
  Tensor run(const Tensor& image) const {
    std::vector<Tensor> values{image};
    for (int v = 1; v < net_.size(); ++v) {
      std::vector<const Tensor*> inputs;
      for (const int u : net_.inputs(v)) inputs.push_back(&values[static_cast<std::size_t>(u)]);
      values.push_back(evaluate(v, inputs));
    }
    return values[static_cast<std::size_t>(net_.output())];
  }

 private:
  double weight(int v, const char* parameter, std::size_t i) const {
    return weights_.at(net_[v].id + "." + parameter).values.at(i);
  }

  Tensor convolution(int v, const Convolution& op, const Tensor& x) const {
    const Shape& in = net_.shape(net_.input(v, 0));
    const Shape& out = net_.shape(v);
    const int group_in = in.channels / op.groups;
    const int group_out = out.channels / op.groups;
    Tensor y;
    for (int o = 0; o < out.channels; ++o) {
      for (int row = 0; row < out.height; ++row) {
        for (int column = 0; column < out.width; ++column) {
          double sum = op.bias ? weight(v, "bias", static_cast<std::size_t>(o)) : 0;
          for (int i = 0; i < group_in; ++i) {
            for (int ky = 0; ky < op.kernel.h; ++ky) {
              for (int kx = 0; kx < op.kernel.w; ++kx) {
                const int sy = row * op.stride.h - op.padding.h + ky * op.dilation.h;
                const int sx = column * op.stride.w - op.padding.w + kx * op.dilation.w;
                if (sy < 0 || sy >= in.height || sx < 0 || sx >= in.width) continue;
                const int channel = o / group_out * group_in + i;
                sum += weight(v, "weight",
                              static_cast<std::size_t>(((o * group_in + i) * op.kernel.h + ky) * op.kernel.w + kx)) *
                       x[static_cast<std::size_t>((channel * in.height + sy) * in.width + sx)];
              }
            }
          }
          y.push_back(sum);
        }
      }
    }
    return y;
  }

  Tensor batch_norm(int v, const BatchNorm& op, const Tensor& x) const {
    const std::size_t places = x.size() / static_cast<std::size_t>(net_.shape(v).channels);
    Tensor y;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t c = i / places;
      y.push_back((x[i] - weight(v, "running_mean", c)) / std::sqrt(weight(v, "running_var", c) + op.eps) *
                      weight(v, "weight", c) +
                  weight(v, "bias", c));
    }
    return y;
  }

  Tensor linear(int v, const Linear& op, const Tensor& x) const {
    Tensor y;
    for (std::size_t o = 0; o < static_cast<std::size_t>(op.out_features); ++o) {
      double sum = op.bias ? weight(v, "bias", o) : 0;
      for (std::size_t i = 0; i < x.size(); ++i) sum += weight(v, "weight", o * x.size() + i) * x[i];
      y.push_back(sum);
    }
    return y;
  }

  Tensor global_pool(int v, const Tensor& x) const {
    const auto channels = static_cast<std::size_t>(net_.shape(v).channels);
    const std::size_t places = x.size() / channels;
    Tensor y(channels, 0);
    for (std::size_t i = 0; i < x.size(); ++i) y[i / places] += x[i] / static_cast<double>(places);
    return y;
  }

  Tensor evaluate(int v, const std::vector<const Tensor*>& inputs) const {
    const Operator& op = net_.op(v);
    const Tensor& x = *inputs.at(0);
    if (const auto* conv = std::get_if<Convolution>(&op)) return convolution(v, *conv, x);
    if (const auto* norm = std::get_if<BatchNorm>(&op)) return batch_norm(v, *norm, x);
    if (const auto* layer = std::get_if<Linear>(&op)) return linear(v, *layer, x);
    if (std::holds_alternative<GlobalPool>(op)) return global_pool(v, x);
    Tensor y = x;
    if (std::holds_alternative<Add>(op)) {
      for (std::size_t k = 1; k < inputs.size(); ++k) {
        for (std::size_t i = 0; i < y.size(); ++i) y[i] += inputs[k]->at(i);
      }
    } else if (std::holds_alternative<Concat>(op)) {
      for (std::size_t k = 1; k < inputs.size(); ++k) y.insert(y.end(), inputs[k]->begin(), inputs[k]->end());
    } else if (std::holds_alternative<Activation>(op) && std::get<Activation>(op).kind == ActivationKind::relu) {
      for (double& value : y) value = std::max(value, 0.0);
    } else if (net_.shape(v) != net_.shape(net_.input(v, 0)) ||
               !(std::holds_alternative<Dropout>(op) || std::holds_alternative<Split>(op) ||
                 op == Operator(ChannelShuffle{1}) || op == Operator(Resize{ResizeMode::nearest, 1}) ||
                 op == Operator(Pool{.kernel = {1, 1}, .stride = {1, 1}}))) {
      throw std::logic_error("reference network: no rule for " + net_[v].id);
    }
    return y;
  }

  const Architecture& net_;
  const Weights& weights_;
};

}  // namespace gensynth
