#include "tests/runtime/torch/reference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace gensynth::libtorch::reference {
namespace {

using Array = std::vector<float>;

struct Vertex {
  const Architecture& network;
  int v;
  const Weights& weights;
  std::vector<const Values*> in;
  Values out;

  const Array* array(const std::string& name) const {
    const auto found = weights.find(network[v].id + "." + name);
    return found == weights.end() ? nullptr : &found->second.values;
  }
  double value(const std::string& name, int i) const {
    const Array* values = array(name);
    return values ? values->at(static_cast<std::size_t>(i)) : 0;
  }
  const Values& x() const { return *in[0]; }
  const Shape& from() const { return in[0]->shape; }

  /// out(c, y, x) = f(c, y, x) everywhere.
  template <class F>
  void fill(F f) {
    for (int c = 0; c < out.shape.channels; ++c)
      for (int y = 0; y < out.shape.height; ++y)
        for (int x = 0; x < out.shape.width; ++x) out.at(c, y, x) = f(c, y, x);
  }

  void operator()(const Input&) {}

  void operator()(const Convolution& op) {
    const int per_group_in = from().channels / op.groups, per_group_out = op.out_channels / op.groups;
    const Array& w = *array("weight");
    fill([&](int o, int y, int xx) {
      double sum = value("bias", o);
      for (int i = 0; i < per_group_in; ++i)
        for (int ky = 0; ky < op.kernel.h; ++ky)
          for (int kx = 0; kx < op.kernel.w; ++kx) {
            const int sy = y * op.stride.h - op.padding.h + ky * op.dilation.h;
            const int sx = xx * op.stride.w - op.padding.w + kx * op.dilation.w;
            if (sy < 0 || sx < 0 || sy >= from().height || sx >= from().width) continue;
            const int place = ((o * per_group_in + i) * op.kernel.h + ky) * op.kernel.w + kx;
            sum += w[static_cast<std::size_t>(place)] * x()(o / per_group_out * per_group_in + i, sy, sx);
          }
      return sum;
    });
  }

  void operator()(const BatchNorm& op) {
    fill([&](int c, int y, int xx) {
      return (x().at(c, y, xx) - value("running_mean", c)) / std::sqrt(value("running_var", c) + op.eps) *
                 value("weight", c) +
             value("bias", c);
    });
  }

  void operator()(const LayerNorm& op) {
    fill([&](int c, int y, int xx) {
      double mean = 0, square = 0;
      for (int k = 0; k < from().channels; ++k) mean += x().at(k, y, xx) / from().channels;
      for (int k = 0; k < from().channels; ++k) square += std::pow(x().at(k, y, xx) - mean, 2) / from().channels;
      return (x().at(c, y, xx) - mean) / std::sqrt(square + op.eps) * value("weight", c) + value("bias", c);
    });
  }

  double activate(ActivationKind kind, double t, int c) const {
    const double hard = std::clamp(t / 6 + 0.5, 0.0, 1.0);
    switch (kind) {
      case ActivationKind::relu:
        return t > 0 ? t : 0;
      case ActivationKind::relu6:
        return std::min(std::max(t, 0.0), 6.0);
      case ActivationKind::hard_swish:
        return t * hard;
      case ActivationKind::hard_sigmoid:
        return hard;
      case ActivationKind::sigmoid:
        return 1 / (1 + std::exp(-t));
      case ActivationKind::silu:
        return t / (1 + std::exp(-t));
      case ActivationKind::gelu:
        return t * 0.5 * (1 + std::erf(t / std::sqrt(2.0)));
      case ActivationKind::prelu:
        return t > 0 ? t : t * value("weight", c);
      case ActivationKind::tanh:
        return std::tanh(t);
    }
    throw std::logic_error("activation");
  }
  void operator()(const Activation& op) {
    fill([&](int c, int y, int xx) { return activate(op.kind, x().at(c, y, xx), c); });
  }

  void operator()(const Pool& op) {
    fill([&](int c, int y, int xx) {
      double most = -std::numeric_limits<double>::infinity(), sum = 0;
      int inside = 0, window = 0;
      for (int ky = 0; ky < op.kernel.h; ++ky)
        for (int kx = 0; kx < op.kernel.w; ++kx) {
          const int sy = y * op.stride.h - op.padding.h + ky, sx = xx * op.stride.w - op.padding.w + kx;
          if (sy < from().height + op.padding.h && sx < from().width + op.padding.w) ++window;
          if (sy < 0 || sx < 0 || sy >= from().height || sx >= from().width) continue;
          ++inside;
          sum += x()(c, sy, sx);
          most = std::max(most, x()(c, sy, sx));
        }
      if (op.kind == PoolKind::max) return most;
      return sum / (op.count_include_pad ? window : inside);
    });
  }

  void operator()(const BlurPool& op) {
    const std::vector<double> row = op.taps == 2   ? std::vector<double>{1, 1}
                                    : op.taps == 3 ? std::vector<double>{1, 2, 1}
                                                   : std::vector<double>{1, 4, 6, 4, 1};
    const double sum = std::pow(2, op.taps - 1);
    const auto reflect = [](int i, int extent) { return i < 0 ? -i : i >= extent ? 2 * extent - 2 - i : i; };
    fill([&](int c, int y, int xx) {
      double total = 0;
      for (int ky = 0; ky < op.taps; ++ky)
        for (int kx = 0; kx < op.taps; ++kx) {
          const int sy = reflect(y * op.stride + ky - (op.taps - 1) / 2, from().height);
          const int sx = reflect(xx * op.stride + kx - (op.taps - 1) / 2, from().width);
          total += row[static_cast<std::size_t>(ky)] * row[static_cast<std::size_t>(kx)] / (sum * sum) * x()(c, sy, sx);
        }
      return total;
    });
  }

  void operator()(const GlobalPool&) {
    fill([&](int c, int, int) {
      double sum = 0;
      for (int y = 0; y < from().height; ++y)
        for (int xx = 0; xx < from().width; ++xx) sum += x().at(c, y, xx);
      return sum / (from().height * from().width);
    });
  }

  void operator()(const Resize& op) {
    const double ry = static_cast<double>(from().height) / out.shape.height;
    const double rx = static_cast<double>(from().width) / out.shape.width;
    fill([&](int c, int y, int xx) {
      if (op.mode == ResizeMode::nearest)
        return x()(c, static_cast<int>(y * ry + 1e-9), static_cast<int>(xx * rx + 1e-9));
      const double sy = std::max((y + 0.5) * ry - 0.5, 0.0), sx = std::max((xx + 0.5) * rx - 0.5, 0.0);
      const int y0 = static_cast<int>(sy), x0 = static_cast<int>(sx);
      const int y1 = std::min(y0 + 1, from().height - 1), x1 = std::min(x0 + 1, from().width - 1);
      const double fy = sy - y0, fx = sx - x0;
      return (1 - fy) * ((1 - fx) * x()(c, y0, x0) + fx * x()(c, y0, x1)) +
             fy * ((1 - fx) * x()(c, y1, x0) + fx * x()(c, y1, x1));
    });
  }

  template <class F>
  void elementwise(F f) {
    fill([&](int c, int y, int xx) {
      double total = 0;
      for (std::size_t i = 0; i < in.size(); ++i) {
        const Shape& s = in[i]->shape;
        const double value = in[i]->at(c, s.height == 1 ? 0 : y, s.width == 1 ? 0 : xx);
        total = i == 0 ? value : f(total, value);
      }
      return total;
    });
  }
  void operator()(const Add&) {
    elementwise([](double a, double b) { return a + b; });
  }
  void operator()(const Multiply&) {
    elementwise([](double a, double b) { return a * b; });
  }

  void operator()(const Concat&) {
    fill([&](int c, int y, int xx) {
      for (const Values* part : in) {
        if (c < part->shape.channels) return part->at(c, y, xx);
        c -= part->shape.channels;
      }
      throw std::logic_error("concat");
    });
  }

  void operator()(const Split& op) {
    fill([&](int c, int y, int xx) { return x().at(op.begin + c, y, xx); });
  }

  void operator()(const ChannelShuffle& op) {
    const int per_group = from().channels / op.groups;
    fill([&](int c, int y, int xx) { return x().at(c % op.groups * per_group + c / op.groups, y, xx); });
  }

  double linear(const std::string& name, const Values& input, int feature, int y, int xx) const {
    const int c = input.shape.channels;
    double sum = value(name.empty() ? "bias" : name + "_bias", feature);
    const Array& w = *array(name.empty() ? "weight" : name + "_weight");
    for (int k = 0; k < c; ++k) sum += w[static_cast<std::size_t>(feature * c + k)] * input.at(k, y, xx);
    return sum;
  }
  void operator()(const Linear&) {
    fill([&](int c, int y, int xx) { return linear("", x(), c, y, xx); });
  }

  void operator()(const ToTokens& op) {
    const int columns = from().width / op.patch.w;
    fill([&](int c, int set, int token) {
      return x()(c, token / columns * op.patch.h + set / op.patch.w, token % columns * op.patch.w + set % op.patch.w);
    });
  }
  void operator()(const FromTokens& op) {
    const int columns = out.shape.width / op.patch.w;
    fill([&](int c, int y, int xx) {
      return x().at(c, y % op.patch.h * op.patch.w + xx % op.patch.w, y / op.patch.h * columns + xx / op.patch.w);
    });
  }

  Values projected() const {
    Values qkv({Layout::tokens, 3 * from().channels, from().height, from().width});
    for (int f = 0; f < qkv.shape.channels; ++f)
      for (int y = 0; y < from().height; ++y)
        for (int t = 0; t < from().width; ++t) qkv.at(f, y, t) = linear("qkv", x(), f, y, t);
    return qkv;
  }
  static void softmax(std::vector<double>& row) {
    const double most = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (double& value : row) sum += value = std::exp(value - most);
    for (double& value : row) value /= sum;
  }

  void operator()(const MultiHeadAttention& op) {
    const int c = from().channels, depth = c / op.heads, tokens = from().width;
    const Values qkv = projected();
    Values mixed(from());
    for (int set = 0; set < from().height; ++set)
      for (int h = 0; h < op.heads; ++h)
        for (int t = 0; t < tokens; ++t) {
          std::vector<double> row(static_cast<std::size_t>(tokens));
          for (int u = 0; u < tokens; ++u)
            for (int d = h * depth; d < (h + 1) * depth; ++d)
              row[static_cast<std::size_t>(u)] += qkv.at(d, set, t) * qkv.at(c + d, set, u) / std::sqrt(depth);
          softmax(row);
          for (int d = h * depth; d < (h + 1) * depth; ++d)
            for (int u = 0; u < tokens; ++u)
              mixed.at(d, set, t) += row[static_cast<std::size_t>(u)] * qkv.at(2 * c + d, set, u);
        }
    fill([&](int f, int y, int t) { return linear("proj", mixed, f, y, t); });
  }

  void operator()(const CrossCovarianceAttention& op) {
    const int c = from().channels, depth = c / op.heads, tokens = from().width;
    const Values qkv = projected();
    Values mixed(from());
    const auto length = [&](int set, int feature) {
      double sum = 0;
      for (int t = 0; t < tokens; ++t) sum += std::pow(qkv.at(feature, set, t), 2);
      return std::sqrt(sum);
    };
    for (int set = 0; set < from().height; ++set)
      for (int d = 0; d < c; ++d) {
        const int h = d / depth;
        std::vector<double> row(static_cast<std::size_t>(depth));
        for (int e = 0; e < depth; ++e) {
          const int key = c + h * depth + e;
          double product = 0;
          for (int t = 0; t < tokens; ++t) product += qkv.at(d, set, t) * qkv.at(key, set, t);
          row[static_cast<std::size_t>(e)] = product / length(set, d) / length(set, key) * value("temperature", h);
        }
        softmax(row);
        for (int t = 0; t < tokens; ++t)
          for (int e = 0; e < depth; ++e)
            mixed.at(d, set, t) += row[static_cast<std::size_t>(e)] * qkv.at(2 * c + h * depth + e, set, t);
      }
    fill([&](int f, int y, int t) { return linear("proj", mixed, f, y, t); });
  }

  void operator()(const PositionalEncoding& op) {
    const Array& w = *array("weight");
    fill([&](int c, int y, int xx) {
      double code = value("bias", c);
      for (int axis = 0; axis < 2; ++axis)
        for (int i = 0; i < op.hidden; ++i) {
          const double place = axis == 0 ? (y + 1.0) / from().height : (xx + 1.0) / from().width;
          const double angle = place * 2 * M_PI * std::pow(10000.0, -2.0 * (i / 2) / op.hidden);
          code +=
              w[static_cast<std::size_t>((2 * c + axis) * op.hidden + i)] * (i % 2 ? std::cos(angle) : std::sin(angle));
        }
      return x()(c, y, xx) + code;
    });
  }

  void operator()(const Scale& op) {
    fill([&](int c, int y, int xx) { return x().at(c, y, xx) * value("weight", op.per_channel ? c : 0); });
  }
  void operator()(const Zero&) {}
  void operator()(const Dropout&) { out.data = x().data; }
};

}  // namespace

std::vector<Values> run(const Architecture& architecture, const Weights& weights, const Values& image) {
  std::vector<Values> values;
  for (int v = 0; v < architecture.size(); ++v) {
    if (v == 0) {
      values.push_back(image);
      continue;
    }
    Vertex vertex{architecture, v, weights, {}, Values(architecture.shape(v))};
    for (const int source : architecture.inputs(v)) vertex.in.push_back(&values[static_cast<std::size_t>(source)]);
    std::visit(vertex, architecture.op(v));
    values.push_back(std::move(vertex.out));
  }
  return values;
}

}  // namespace gensynth::libtorch::reference
