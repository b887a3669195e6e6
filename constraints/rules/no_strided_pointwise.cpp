#include <variant>

#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::rules {
namespace {

/// Whether a window of `kernel` taps, `dilation` apart and moved by `stride`, passes over places that it never
/// reads. Without dilation: kernel < stride. With it, taps at equal distance from a multiple of the stride read
/// the same places (a 3-tap window with dilation 2 and stride 2 sees every second place only).
bool skips(int kernel, int stride, int dilation = 1) {
  if (stride <= 1) return false;
  std::vector<bool> read(static_cast<std::size_t>(stride), false);
  int count = 0;
  for (int tap = 0; tap < kernel; ++tap) {
    const auto rest = static_cast<std::size_t>((tap * dilation) % stride);
    if (!read[rest]) ++count;
    read[rest] = true;
  }
  return count < stride;
}

/// Nearest reads one place for each output, bilinear two along each axis.
bool skips_places(const Resize& resize, const Shape& from, const Shape& to) {
  const int window = resize.mode == ResizeMode::nearest ? 1 : 2;
  return from.height > window * to.height || from.width > window * to.width;
}

bool skips_places(const Architecture& architecture, int v) {
  return std::visit(
      Overloaded{[](const Convolution& op) {
                   return skips(op.kernel.h, op.stride.h, op.dilation.h) ||
                          skips(op.kernel.w, op.stride.w, op.dilation.w);
                 },
                 [](const Pool& op) { return skips(op.kernel.h, op.stride.h) || skips(op.kernel.w, op.stride.w); },
                 [](const BlurPool& op) { return skips(op.taps, op.stride); },
                 [&](const Resize& op) {
                   return skips_places(op, architecture.shape(architecture.input(v, 0)), architecture.shape(v));
                 },
                 [](const auto&) { return false; }},
      architecture.op(v));
}

class NoStridedPointwise : public Rule {
 public:
  explicit NoStridedPointwise(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::graph) {}

  constraints::Verdict check(const Architecture& architecture, const Metrics&) const override {
    constraints::Verdict result = verdict(0, 0, "vertices");
    for (int v = 1; v < architecture.size(); ++v) {
      if (skips_places(architecture, v)) result.vertices.push_back(v);
    }
    const std::size_t count = result.vertices.size();
    result.measured = static_cast<double>(count);
    result.violation = result.measured;
    result.satisfied = count == 0;
    if (result.satisfied) {
      result.message = "every window is at least as large as its stride";
    } else {
      const Vertex& first = architecture[result.vertices.front()];
      result.message = std::to_string(count) + (count == 1 ? " vertex has" : " vertices have") +
                       " a window smaller than the stride and so drop values unread; the first is '" + first.id +
                       "' (" + operator_name(first.op) + ")";
    }
    return result;
  }
};

}  // namespace

void register_no_strided_pointwise(constraints::ConstraintRegistry& registry) {
  constraints::ConstraintInfo info;
  info.name = "no_strided_pointwise";
  info.summary = "no strided 1x1 convolution, nor anything else that drops values unread";
  info.description =
      "Counts the convolutions, poolings and resizes to a smaller map whose window is smaller than their stride on "
      "any axis, on projection shortcuts and inside condensers too (paper, section 2.2: strided pointwise "
      "convolutions are restricted). A dilated window counts by the places it reads.";
  registry.add(std::move(info),
               [](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                 return std::make_unique<NoStridedPointwise>(arguments);
               });
}

}  // namespace gensynth::rules
