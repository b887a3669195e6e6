#include "architecture/zoo/blocks/squeeze_excite.hpp"

#include <charconv>
#include <cmath>
#include <string_view>

namespace gensynth::zoo {
namespace {

/// Moves a positive integer from the front of `text` into `value`.
bool take_integer(std::string_view& text, int& value) {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return error == std::errc{} && value > 0;
}

}  // namespace

SqueezeExcite::SqueezeExcite(const Step& step) {
  const auto plain = step.text("se");
  const auto hard = step.text("hse");
  if (plain && hard) step.fail("has both 'se' and 'hse', expected one");
  width_ = plain ? plain : hard;
  if (!width_) return;
  std::string_view rest = *width_;
  of_input_ = rest.starts_with("in/");
  const bool based = of_input_ || rest.starts_with("mid/");
  rest.remove_prefix(based ? rest.find('/') + 1 : 0);
  const bool divided = based && take_integer(rest, divisor_);
  const bool rounded = !rest.starts_with('r') || (rest.remove_prefix(1), take_integer(rest, rounding_));
  if (!divided || !rounded || !rest.empty()) {
    step.fail("squeeze width '" + *width_ + "', expected BASE/DIVISOR or BASE/DIVISORrROUNDING with base in or mid");
  }
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
