#include "inquisitor/features/features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <variant>

#include "architecture/cost.hpp"

namespace gensynth::features {
namespace {

constexpr int kLevels = 6;  // resolutions: the input's, half of it, ..., a 32nd

enum Count {
  kDepthwise,
  kPointwise,
  kGrouped,
  kDense,
  kLarge,
  kGate,
  kSum,
  kConcat,
  kBlur,
  kPool,
  kResize,
  kShuffle,
  kAttention,
  kRelu,
  kSmooth,
  kStrided,
  kCounts
};
constexpr std::array<const char*, kCounts> kCountNames = {
    "depthwise", "pointwise", "grouped", "dense",   "large_kernel", "gate", "sum",        "concat",
    "blur",      "pool",      "resize",  "shuffle", "attention",    "relu", "smooth_act", "strided"};

struct Level {
  double macs = 0, params = 0, convolutions = 0, widest = 0;
};

void count(const Operator& op, int input_channels, std::array<double, kCounts>& counts) {
  std::visit(Overloaded{[&](const Convolution& c) {
                          const bool point = c.kernel.h == 1 && c.kernel.w == 1;
                          if (c.groups > 1 && c.groups == input_channels) {
                            counts[kDepthwise] += 1;
                          } else if (c.groups > 1) {
                            counts[kGrouped] += 1;
                          } else {
                            counts[point ? kPointwise : kDense] += 1;
                          }
                          if (c.kernel.h > 3) counts[kLarge] += 1;
                          if (c.stride.h > 1) counts[kStrided] += 1;
                        },
                        [&](const Multiply&) { counts[kGate] += 1; }, [&](const Add&) { counts[kSum] += 1; },
                        [&](const Concat&) { counts[kConcat] += 1; }, [&](const BlurPool&) { counts[kBlur] += 1; },
                        [&](const Pool&) { counts[kPool] += 1; }, [&](const Resize&) { counts[kResize] += 1; },
                        [&](const ChannelShuffle&) { counts[kShuffle] += 1; },
                        [&](const MultiHeadAttention&) { counts[kAttention] += 1; },
                        [&](const CrossCovarianceAttention&) { counts[kAttention] += 1; },
                        [&](const Activation& a) {
                          const bool relu = a.kind == ActivationKind::relu || a.kind == ActivationKind::relu6;
                          counts[relu ? kRelu : kSmooth] += 1;
                        },
                        [](const auto&) {}},
             op);
}

}  // namespace

std::vector<double> architecture_features(const Architecture& architecture) {
  const Cost total = cost(architecture);
  std::array<double, kCounts> counts{};
  std::array<Level, kLevels> levels{};
  const int px = std::max(1, architecture.shape(architecture.input()).height);
  for (int v = 1; v < architecture.size(); ++v) {
    const Operator& op = architecture.op(v);
    const int source = architecture.input(v, 0);
    count(op, architecture.shape(source).channels, counts);
    const VertexCost own = vertex_cost(architecture, v);
    int height = 1;  // of the largest input: ports of a gate commute, and one of them may be 1x1
    for (const int from : architecture.inputs(v)) height = std::max(height, architecture.shape(from).height);
    const int level =
        std::clamp(static_cast<int>(std::lround(std::log2(static_cast<double>(px) / height))), 0, kLevels - 1);
    Level& at = levels[static_cast<std::size_t>(level)];
    at.macs += static_cast<double>(own.macs);
    at.params += static_cast<double>(own.params);
    if (std::holds_alternative<Convolution>(op)) at.convolutions += 1;
    at.widest = std::max(at.widest, static_cast<double>(architecture.shape(v).channels));
  }
  std::vector<double> features = {std::log10(1.0 + static_cast<double>(total.macs)),
                                  std::log10(1.0 + static_cast<double>(total.params)),
                                  std::log10(1.0 + static_cast<double>(total.activation_bytes)),
                                  std::log10(1.0 + static_cast<double>(total.peak_memory_bytes)),
                                  std::log2(1.0 + total.depth),
                                  std::log2(static_cast<double>(px)),
                                  std::log10(static_cast<double>(architecture.size()))};
  for (const double n : counts) features.push_back(std::log2(1 + n));
  for (const Level& level : levels) {
    features.push_back(std::log10(1 + level.macs / 1e4));
    features.push_back(std::log10(1 + level.params / 1e2));
    features.push_back(std::log2(1 + level.convolutions));
    features.push_back(std::log2(1 + level.widest));
  }
  return features;
}

const std::vector<std::string>& architecture_feature_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result = {"log_macs",  "log_params", "log_activation_bytes", "log_peak_memory",
                                       "log_depth", "log_px",     "log_vertices"};
    for (const char* name : kCountNames) result.push_back(std::string("log_count_") + name);
    for (int level = 0; level < kLevels; ++level) {
      for (const char* name : {"macs", "params", "convolutions", "widest"}) {
        result.push_back("level" + std::to_string(level) + "_" + name);
      }
    }
    return result;
  }();
  return names;
}

}  // namespace gensynth::features
