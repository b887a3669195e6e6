#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"
#include "constraints/structure/condensing.hpp"

namespace gensynth::rules {
namespace {

/// Why a gate is none, with the vertices to look at.
std::string reason(const structure::Structure& structure, const structure::Gate& gate,
                   const structure::CondensingFinding& finding) {
  const CanonicalForm& form = structure.form();
  const auto name = [&](int n) { return "'" + form.architecture()[form[n].vertex].id + "'"; };
  const Pair map = structure.extent(gate.exits.front());
  const std::string place =
      name(gate.exits.front()) + " on the " + std::to_string(map.h) + "x" + std::to_string(map.w) + " map: ";
  switch (finding.flaw) {
    case structure::CondensingFlaw::one_place:
      return place + "no place sees another in it, as in squeeze and excitation";
    case structure::CondensingFlaw::scaled:
      return place + "a learned scale stands at the product";
    case structure::CondensingFlaw::not_condensed:
      return place + "its factor " + name(finding.factor) + " is not condensed in space on every path";
    case structure::CondensingFlaw::not_embedded:
      return place + "its factor " + name(finding.factor) + " has no embedding of its own on a condensed map";
    case structure::CondensingFlaw::none:
      break;
  }
  return place + "it is one";
}

class DoubleCondensing : public Rule {
 public:
  explicit DoubleCondensing(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::graph), bound_(arguments.parameters.at("bound")) {}

  constraints::Verdict check(const constraints::Subject& subject) const override {
    const structure::Structure& structure = subject.structure();
    int count = 0;
    std::string first_other;
    for (const structure::Gate& gate : structure.gates().all) {
      const structure::CondensingFinding finding = structure::find_condensing_flaw(structure, gate);
      if (finding.flaw == structure::CondensingFlaw::none) ++count;
      if (finding.flaw != structure::CondensingFlaw::none && first_other.empty()) {
        first_other = reason(structure, gate, finding);
      }
    }
    constraints::Verdict result = verdict(count, bound_, "blocks");
    result.violation = std::max(0.0, bound_ - count);
    result.satisfied = result.violation <= 0;
    result.message = std::to_string(count) + " double-condensing attention condensers (at least " +
                     std::to_string(static_cast<int>(bound_)) + ")";
    if (!result.satisfied && !first_other.empty()) {
      const std::size_t others = structure.gates().all.size() - static_cast<std::size_t>(count);
      result.message += "; " + std::to_string(others) +
                        (others == 1 ? " other gate is none: " : " other gates are none; the first: ") + first_other;
    } else if (!result.satisfied && structure.gates().all.empty()) {
      result.message += "; the network has no gate, that is no product of what two branches make of one map";
    }
    return result;
  }

 private:
  double bound_;
};

}  // namespace

void register_double_condensing(constraints::ConstraintSink& registry) {
  constraints::ConstraintInfo info;
  info.name = "double_condensing";
  info.summary = "the network has double-condensing attention condensers (DC-AC)";
  info.description =
      "Counts the gates (single-entry single-exit regions that end in a product) whose factors are both condensed on "
      "every path: to at most half of the places and values, or of the channels where the map is a single place. Each "
      "factor has an embedding of its own, a learned layer that reads the condensed map, and no learned scale stands "
      "at the product (paper, section 2.1). Squeeze and excitation, beside a bottleneck too, does not count.";
  info.parameters = {{"bound", "integer", 1, 1, 10'000, {}, "at least so many blocks"}};
  registry.add(std::move(info),
               [](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                 return std::make_unique<DoubleCondensing>(arguments);
               });
}

}  // namespace gensynth::rules
