#include "architecture/zoo/squeeze_excite.hpp"

#include <cmath>
#include <regex>

namespace gensynth::zoo {

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
