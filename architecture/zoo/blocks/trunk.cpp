#include "architecture/zoo/blocks/trunk.hpp"

namespace gensynth::zoo {

Trunk::Trunk(std::string name, int channels, int px)
    : builder_(std::move(name), Shape{Layout::map, channels, px, px}) {}

void Trunk::begin_block(int stride) {
  ++place_.block;
  if (stride > 1) ++place_.stage;
}

int Trunk::add(Operator op, const std::vector<int>& inputs, Role role) {
  Placement place = place_;
  place.role = section_ == Role::none ? role : section_;
  return builder_.add(std::move(op), inputs, place);
}
int Trunk::add(Operator op, std::initializer_list<int> inputs, Role role) {
  return add(std::move(op), std::vector<int>(inputs), role);
}
int Trunk::add(Operator op, int input, Role role) { return add(std::move(op), std::vector<int>{input}, role); }

int Trunk::activate(int from, std::optional<ActivationKind> kind, Role role) {
  return kind ? add(Activation{*kind}, from, role) : from;
}

int Trunk::convolve(int from, const ConvNormAct& layer, Role role) {
  const int in = channels(from);
  const int padding = layer.padding.value_or(layer.kernel / 2);
  int v = add(Convolution{.out_channels = layer.out == 0 ? in : layer.out,
                          .kernel = {layer.kernel, layer.kernel},
                          .stride = {layer.stride, layer.stride},
                          .padding = {padding, padding},
                          .groups = layer.groups == 0 ? in : layer.groups,
                          .bias = layer.bias},
              from, role);
  if (layer.norm) v = add(BatchNorm{}, v, role);
  return activate(v, layer.act, role);
}

int Trunk::project(int from, int out, Role role) {
  return convolve(from, {.out = out, .bias = true, .norm = false}, role);
}

int Trunk::add_residual(int from, int body) { return add(Add{}, {from, body}, Role::residual); }

}  // namespace gensynth::zoo
