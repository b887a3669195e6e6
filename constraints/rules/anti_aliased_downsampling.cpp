#include <cstdio>
#include <variant>

#include "constraints/rules/flow.hpp"
#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::rules {
namespace {

enum class Sampling { keeps, aliased, filtered };

/// A stride on an axis of one place makes no grid coarser.
bool coarser(const Pair& stride, const Shape& from) {
  return (stride.h > 1 && from.height > 1) || (stride.w > 1 && from.width > 1);
}

Sampling sampling(const Pool& pool, const Shape& from, const Shape& to) {
  if (!coarser(pool.stride, from)) return Sampling::keeps;
  const bool global = to.height == 1 && to.width == 1 && pool.kernel.h >= from.height && pool.kernel.w >= from.width;
  if (global) return Sampling::keeps;
  const bool covers = pool.kernel.h >= pool.stride.h && pool.kernel.w >= pool.stride.w;
  return pool.kind == PoolKind::average && covers ? Sampling::filtered : Sampling::aliased;
}

Sampling sampling(const Resize& resize, const Shape& from, const Shape& to) {
  if (to.height >= from.height && to.width >= from.width) return Sampling::keeps;
  // Bilinear weights are a fixed filter of two taps, which reach over a step of at most two places.
  const bool filtered =
      resize.mode == ResizeMode::bilinear && from.height <= 2 * to.height && from.width <= 2 * to.width;
  return filtered ? Sampling::filtered : Sampling::aliased;
}

Sampling sampling(const Architecture& architecture, int v) {
  const auto from = [&]() -> const Shape& { return architecture.shape(architecture.input(v, 0)); };
  return std::visit(Overloaded{[&](const Convolution& op) {
                                 return coarser(op.stride, from()) ? Sampling::aliased : Sampling::keeps;
                               },
                               [&](const Pool& op) { return sampling(op, from(), architecture.shape(v)); },
                               [&](const BlurPool& op) {
                                 if (!coarser({op.stride, op.stride}, from())) return Sampling::keeps;
                                 return op.taps >= 2 ? Sampling::filtered : Sampling::aliased;
                               },
                               [&](const Resize& op) { return sampling(op, from(), architecture.shape(v)); },
                               [](const auto&) { return Sampling::keeps; }},
                    architecture.op(v));
}

struct Share {
  int filtered = 0;
  int all = 0;
  double value() const { return all == 0 ? 1.0 : static_cast<double>(filtered) / all; }
  std::string text() const { return std::to_string(filtered) + " of " + std::to_string(all); }
};

class AntiAliasedDownsampling : public Rule {
 public:
  explicit AntiAliasedDownsampling(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::graph),
        min_share_(arguments.parameters.at("min_share")),
        include_condensers_(arguments.parameters.at("include_condensers")) {}

  constraints::Verdict check(const Architecture& architecture, const Metrics&) const override {
    const Gates gates = find_gates(architecture, Flow(architecture));
    Share main;
    Share condensers;
    std::vector<int> blamed;
    for (int v = 1; v < architecture.size(); ++v) {
      const Sampling found = sampling(architecture, v);
      if (found == Sampling::keeps) continue;
      Share& share = gates.inside(v) ? condensers : main;
      ++share.all;
      if (found == Sampling::filtered) {
        ++share.filtered;
      } else if (include_condensers_ || !gates.inside(v)) {
        blamed.push_back(v);
      }
    }
    const Share judged =
        include_condensers_ ? Share{main.filtered + condensers.filtered, main.all + condensers.all} : main;
    constraints::Verdict result = verdict(judged.value(), min_share_, "share");
    result.violation = std::max(0.0, min_share_ - judged.value());
    result.satisfied = result.violation <= 0;
    if (!result.satisfied) result.vertices = std::move(blamed);
    result.message = "anti-aliased: " + main.text() + " downsamplings on the main path, " + condensers.text() +
                     " in condensers (" + (include_condensers_ ? "both count" : "the main path counts") + ")";
    if (!result.satisfied) {
      const Vertex& first = architecture[result.vertices.front()];
      result.message += "; the first without a low-pass filter is '" + first.id + "' (" + operator_name(first.op) + ")";
    }
    return result;
  }

 private:
  double min_share_;
  bool include_condensers_;
};

}  // namespace

void register_anti_aliased_downsampling(constraints::ConstraintRegistry& registry) {
  constraints::ConstraintInfo info;
  info.name = "anti_aliased_downsampling";
  info.summary = "maps are low-pass filtered where they become coarser";
  info.description =
      "Of the vertices whose output grid is coarser than their input's, global pooling excepted, the share that are "
      "fixed low-pass filters of two taps or more (blur pooling; Zhang 2019, arXiv:1904.11486) or average poolings "
      "with a kernel no smaller than the stride. Downsampling inside gates (condensers) is counted apart.";
  info.hard_by_default = false;
  info.parameters = {
      {"include_condensers", "boolean", false, 0, 0, {}, "whether downsampling inside gates counts too"},
      {"min_share", "number", 1.0, 0.0, 1.0, {}, "least share that must be anti-aliased"},
  };
  registry.add(std::move(info),
               [](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                 return std::make_unique<AntiAliasedDownsampling>(arguments);
               });
}

}  // namespace gensynth::rules
