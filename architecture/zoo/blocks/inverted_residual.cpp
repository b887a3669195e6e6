#include "architecture/zoo/blocks/blocks.hpp"
#include "architecture/zoo/blocks/squeeze_excite.hpp"

namespace gensynth::zoo {
namespace {

/// The number of channels for each of `parts` out of `total`: equal shares, the first takes the remainder (MixConv).
std::vector<int> shares(int total, std::size_t parts) {
  std::vector<int> sizes(parts, total / static_cast<int>(parts));
  sizes.front() += total - sizes.front() * static_cast<int>(parts);
  return sizes;
}

/// One convolution per part of the input channels, joined again (MixNet, arXiv:1907.09595). Each part has its
/// own norm, which is the same function as one norm after the join and can be folded into the convolution.
template <class Layer>
int convolve_in_parts(Trunk& trunk, int from, std::size_t parts, Role role, Layer layer_of_part) {
  if (parts == 1) return trunk.convolve(from, layer_of_part(0), role);
  std::vector<int> joined;
  int begin = 0;
  for (std::size_t i = 0; i < parts; ++i) {
    const int end = begin + shares(trunk.channels(from), parts)[i];
    joined.push_back(trunk.convolve(trunk.add(Split{begin, end}, from, role), layer_of_part(i), role));
    begin = end;
  }
  return trunk.add(Concat{}, joined, role);
}

int pointwise(Trunk& trunk, int from, int parts, Role role, ConvNormAct layer) {
  const std::vector<int> out = shares(layer.out, static_cast<std::size_t>(parts));
  return convolve_in_parts(trunk, from, out.size(), role, [&](std::size_t i) {
    ConvNormAct part = layer;
    part.out = out[i];
    return part;
  });
}

int depthwise(Trunk& trunk, int from, const std::vector<int>& kernels, int stride, bool bias,
              std::optional<ActivationKind> act) {
  const Role role = stride > 1 ? Role::downsample : Role::embedding;
  return convolve_in_parts(trunk, from, kernels.size(), role, [&](std::size_t i) {
    return ConvNormAct{.kernel = kernels[i], .stride = stride, .groups = 0, .bias = bias, .act = act};
  });
}

void end_with_shortcut(Trunk& trunk, int v, bool shortcut) {
  trunk.end_block(shortcut ? trunk.add_residual(trunk.at(), v) : v);
}

}  // namespace

/// Depthwise convolution, squeeze-excite, 1x1 projection. A linear projection (MobileNetV2's first block) takes a
/// shortcut where shapes allow it, unless `noskip`; with `act_out` (MobileNetV1) it is activated, without shortcut.
void separable(Trunk& trunk, const Step& step, int stride) {
  const int in = trunk.channels();
  const int out = step.integer("c");
  const bool activated = step.flag("act_out");
  const bool shortcut = !step.flag("noskip") && !activated && stride == 1 && in == out;
  int v = depthwise(trunk, trunk.at(), step.integers("k", 3), stride, false, step.activation());
  v = SqueezeExcite(step).apply(trunk, v, in);
  v = trunk.convolve(v, {.out = out, .act = activated ? step.activation() : std::nullopt}, Role::mix);
  end_with_shortcut(trunk, v, shortcut);
}

/// 1x1 expansion to e * in or m channels (left out when nothing is expanded, unless `always_expand`), depthwise,
/// squeeze-excite, linear 1x1 projection (in g groups), shortcut where shapes allow it. `bias`: the convolutions
/// have one too. A list of kernels mixes them over the channels; a, p: 1x1 convolutions in that many parts.
void inverted_residual(Trunk& trunk, const Step& step, int stride) {
  const int in = trunk.channels();
  const int out = step.integer("c");
  const int mid = step.integer("m", divisible(in * step.number("e", 1), 8));
  const bool bias = step.flag("bias");
  int v = trunk.at();
  if (const bool always = step.flag("always_expand"); always || mid != in) {
    v = pointwise(trunk, v, step.integer("a", 1), Role::expansion,
                  {.out = mid, .bias = bias, .act = step.activation()});
  }
  v = depthwise(trunk, v, step.integers("k", 3), stride, bias, step.activation());
  v = SqueezeExcite(step).apply(trunk, v, in);
  v = pointwise(trunk, v, step.integer("p", 1), Role::mix, {.out = out, .groups = step.integer("g", 1), .bias = bias});
  end_with_shortcut(trunk, v, stride == 1 && in == out);
}

/// EfficientNetV2 (arXiv:2104.00298): a dense kxk expansion instead of 1x1 and depthwise; without expansion, that one
/// convolution is the block.
void fused_residual(Trunk& trunk, const Step& step, int stride) {
  const int in = trunk.channels();
  const int out = step.integer("c");
  const int mid = step.integer("e", 1) * in;
  const ConvNormAct spatial{
      .out = mid == in ? out : mid, .kernel = step.integer("k", 3), .stride = stride, .act = step.activation()};
  int v = trunk.convolve(trunk.at(), spatial, stride > 1 ? Role::downsample : Role::expansion);
  if (mid != in) v = trunk.convolve(v, {.out = out}, Role::mix);
  end_with_shortcut(trunk, v, stride == 1 && in == out);
}

}  // namespace gensynth::zoo
