#include "architecture/operators.hpp"

namespace gensynth {

const char* to_string(ActivationKind kind) {
  switch (kind) {
    case ActivationKind::relu:
      return "relu";
    case ActivationKind::relu6:
      return "relu6";
    case ActivationKind::hard_swish:
      return "hard_swish";
    case ActivationKind::hard_sigmoid:
      return "hard_sigmoid";
    case ActivationKind::sigmoid:
      return "sigmoid";
    case ActivationKind::silu:
      return "silu";
    case ActivationKind::gelu:
      return "gelu";
    case ActivationKind::prelu:
      return "prelu";
    case ActivationKind::tanh:
      return "tanh";
  }
  return "unknown";
}

const char* to_string(PoolKind kind) { return kind == PoolKind::max ? "max" : "average"; }

const char* to_string(ResizeMode mode) { return mode == ResizeMode::nearest ? "nearest" : "bilinear"; }

const char* operator_name(const Operator& op) {
  return std::visit(Overloaded{
                        [](const Input&) { return "input"; },
                        [](const Convolution&) { return "convolution"; },
                        [](const BatchNorm&) { return "batch_norm"; },
                        [](const LayerNorm&) { return "layer_norm"; },
                        [](const Activation&) { return "activation"; },
                        [](const Pool&) { return "pool"; },
                        [](const BlurPool&) { return "blur_pool"; },
                        [](const GlobalPool&) { return "global_pool"; },
                        [](const Resize&) { return "resize"; },
                        [](const Add&) { return "add"; },
                        [](const Multiply&) { return "multiply"; },
                        [](const Concat&) { return "concat"; },
                        [](const Split&) { return "split"; },
                        [](const ChannelShuffle&) { return "channel_shuffle"; },
                        [](const Linear&) { return "linear"; },
                        [](const ToTokens&) { return "to_tokens"; },
                        [](const FromTokens&) { return "from_tokens"; },
                        [](const MultiHeadAttention&) { return "multi_head_attention"; },
                        [](const CrossCovarianceAttention&) { return "cross_covariance_attention"; },
                        [](const PositionalEncoding&) { return "positional_encoding"; },
                        [](const Scale&) { return "scale"; },
                        [](const Zero&) { return "zero"; },
                        [](const Dropout&) { return "dropout"; },
                    },
                    op);
}

std::string to_string(const Shape& shape) {
  const std::string channels = std::to_string(shape.channels);
  switch (shape.layout) {
    case Layout::map:
      return "[" + channels + ", " + std::to_string(shape.height) + ", " + std::to_string(shape.width) + "]";
    case Layout::tokens:
      return "tokens[" + std::to_string(shape.height) + ", " + std::to_string(shape.width) + ", " + channels + "]";
    case Layout::vector:
      return "[" + channels + "]";
  }
  return {};
}

}  // namespace gensynth
