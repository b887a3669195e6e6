#include <algorithm>

#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"
#include "constraints/structure/gates.hpp"
#include "constraints/structure/low_pass.hpp"

namespace gensynth::rules {
namespace {

/// Counts channels instead of operators, so that one operator over several branches and one operator for each branch
/// give the same share.
struct Share {
  std::int64_t filtered = 0;
  std::int64_t all = 0;
  double value() const { return all == 0 ? 1.0 : static_cast<double>(filtered) / static_cast<double>(all); }
  std::string text() const { return std::to_string(filtered) + " of " + std::to_string(all); }
};

class AntiAliasedDownsampling : public Rule {
 public:
  explicit AntiAliasedDownsampling(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::graph),
        min_share_(arguments.parameters.at("min_share")),
        include_condensers_(arguments.parameters.at("include_condensers")) {}

  constraints::Verdict check(const constraints::Subject& subject) const override {
    const structure::Structure& structure = subject.structure();
    const CanonicalForm& form = structure.form();
    structure::LowPass filters(structure);
    Share main;
    Share condensers;
    std::vector<int> blamed;
    for (int n = 1; n < form.size(); ++n) {
      if (!structure::downsamples(form, n)) continue;
      const bool beside = structure.gates().in_condenser(n);
      Share& share = beside ? condensers : main;
      share.all += form[n].channels();
      if (filters.serves(n)) {
        share.filtered += form[n].channels();
      } else if ((include_condensers_ || !beside) && (blamed.empty() || blamed.back() != form[n].vertex)) {
        blamed.push_back(form[n].vertex);
      }
    }
    const Share judged =
        include_condensers_ ? Share{main.filtered + condensers.filtered, main.all + condensers.all} : main;
    constraints::Verdict result = verdict(judged.value(), min_share_, "share");
    result.violation = std::max(0.0, min_share_ - judged.value());
    result.satisfied = result.violation <= 0;
    if (!result.satisfied) result.vertices = std::move(blamed);
    result.message = "anti-aliased: " + main.text() + " downsampled channels on the main path, " + condensers.text() +
                     " in condensers (" + (include_condensers_ ? "both count" : "the main path counts") + ")";
    if (!result.satisfied) {
      const Vertex& first = subject.architecture()[result.vertices.front()];
      result.message += "; the first without a low-pass filter as wide as its step is '" + first.id + "' (" +
                        operator_name(first.op) + ")";
    }
    return result;
  }

 private:
  double min_share_;
  bool include_condensers_;
};

}  // namespace

void register_anti_aliased_downsampling(constraints::ConstraintSink& registry) {
  constraints::ConstraintInfo info;
  info.name = "anti_aliased_downsampling";
  info.summary = "maps are low-pass filtered where they become coarser";
  info.description =
      "Of the channels of maps where the grid becomes coarser, global pooling excepted, the share that go through a "
      "fixed "
      "low-pass filter (Zhang 2019, arXiv:1904.11486) of at least as many taps as the step has places: blur pooling, "
      "average pooling, bilinear resizing by at most 2, or a filter of stride 1 before or after a linear strided "
      "operator. "
      "Downsampling inside gates (condensers) is counted apart, unless the network's trunk goes through the gate or "
      "every "
      "path passes it.";
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
