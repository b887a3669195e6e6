#include "architecture/zoo/blocks/blocks.hpp"
#include "architecture/zoo/blocks/squeeze_excite.hpp"

// Post-activation residual blocks (ResNet, arXiv:1512.03385; RegNet, arXiv:2003.13678): the shortcut is a 1x1
// projection where the shape changes, and the sum is activated.
namespace gensynth::zoo {
namespace {

/// `project`: the shortcut is projected although the shape stays (some published forms of ResNet-18).
void join(Trunk& trunk, const Step& step, int body, int stride) {
  const int out = trunk.channels(body);
  int shortcut = trunk.at();
  if (const bool always = step.flag("project"); always || stride != 1 || trunk.channels() != out) {
    shortcut = trunk.convolve(shortcut, {.out = out, .stride = stride}, Role::residual);
  }
  trunk.end_block(trunk.activate(trunk.add_residual(shortcut, body), step.activation(), Role::residual));
}

Role spatial_role(int stride) { return stride > 1 ? Role::downsample : Role::embedding; }

/// 1x1 reduction, kxk (squeeze-excite), 1x1 expansion. `stride_first` puts the stride on the first 1x1.
void bottleneck(Trunk& trunk, const Step& step, int stride, int mid, int groups, bool stride_first) {
  const int in = trunk.channels();
  const int out = step.integer("c");
  const int first = stride_first ? stride : 1;
  const auto act = step.activation();
  int v = trunk.convolve(trunk.at(), {.out = mid, .stride = first, .act = act}, Role::condenser);
  const ConvNormAct spatial{
      .out = mid, .kernel = step.integer("k", 3), .stride = stride / first, .groups = groups, .act = act};
  v = trunk.convolve(v, spatial, spatial_role(spatial.stride));
  v = SqueezeExcite(step).apply(trunk, v, in);
  v = trunk.convolve(v, {.out = out}, Role::expansion);
  join(trunk, step, v, stride);
}

}  // namespace

/// Two 3x3 convolutions.
void basic_residual(Trunk& trunk, const Step& step, int stride) {
  const int out = step.integer("c");
  const auto act = step.activation();
  int v = trunk.convolve(trunk.at(), {.out = out, .kernel = 3, .stride = stride, .act = act}, spatial_role(stride));
  v = trunk.convolve(v, {.out = out, .kernel = 3}, Role::embedding);
  join(trunk, step, v, stride);
}

/// The middle has a quarter of the channels out.
void bottleneck_residual(Trunk& trunk, const Step& step, int stride) {
  bottleneck(trunk, step, stride, step.integer("c") / 4, 1, step.flag("stride_first"));
}

/// The middle is as wide as the output and grouped, w channels each.
void regnet_residual(Trunk& trunk, const Step& step, int stride) {
  const int out = step.integer("c");
  bottleneck(trunk, step, stride, out, out / step.integer("w"), false);
}

}  // namespace gensynth::zoo
