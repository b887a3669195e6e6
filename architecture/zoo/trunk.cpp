#include "architecture/zoo/trunk.hpp"

#include <cmath>
#include <regex>

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

SqueezeExcite::SqueezeExcite(const Step& step) {
  const auto plain = step.text("se");
  const auto hard = step.text("hse");
  if (plain && hard) step.fail("has both 'se' and 'hse', expected one");
  width_ = plain ? plain : hard;
  if (!width_) return;
  static const std::regex pattern("(in|mid)/([1-9][0-9]?)(r([1-9][0-9]?))?");
  std::smatch match;
  if (!std::regex_match(*width_, match, pattern)) {
    step.fail("squeeze width '" + *width_ + "', expected BASE/DIVISOR or BASE/DIVISORrROUNDING with base in or mid");
  }
  of_input_ = match[1] == "in";
  divisor_ = std::stoi(match[2]);
  if (match[4].matched) rounding_ = std::stoi(match[4]);
  inner_ = plain ? step.activation().value_or(ActivationKind::relu) : ActivationKind::relu;
  gate_ = plain ? ActivationKind::sigmoid : ActivationKind::hard_sigmoid;
}

int SqueezeExcite::apply(Trunk& trunk, int from, int block_input_channels) const {
  if (!width_) return from;
  const int channels = trunk.channels(from);
  const double wanted = static_cast<double>(of_input_ ? block_input_channels : channels) / divisor_;
  const int reduced = rounding_ == 1 ? static_cast<int>(std::lround(wanted)) : divisible(wanted, rounding_);
  int v = trunk.add(GlobalPool{}, from, Role::squeeze);
  v = trunk.project(v, reduced, Role::squeeze);
  v = trunk.activate(v, inner_, Role::squeeze);
  v = trunk.project(v, channels, Role::squeeze);
  v = trunk.activate(v, gate_, Role::gate);
  return trunk.add(Multiply{}, {from, v}, Role::gate);
}

}  // namespace gensynth::zoo
