#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"
#include "constraints/structure/condensing.hpp"

namespace gensynth::rules {
namespace {

class DoubleCondensing : public Rule {
 public:
  explicit DoubleCondensing(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::graph), bound_(arguments.parameters.at("bound")) {}

  constraints::Verdict check(const constraints::Subject& subject) const override {
    const structure::Structure& structure = subject.structure();
    int count = 0;
    for (const structure::Gate& gate : structure.gates().all)
      count += structure::is_double_condensing(structure, gate) ? 1 : 0;
    constraints::Verdict result = verdict(count, bound_, "blocks");
    result.violation = std::max(0.0, bound_ - count);
    result.satisfied = result.violation <= 0;
    result.message = std::to_string(count) + " double-condensing attention condensers (at least " +
                     std::to_string(static_cast<int>(bound_)) + ")";
    if (!result.satisfied && !structure.gates().all.empty()) {
      const std::size_t others = structure.gates().all.size() - static_cast<std::size_t>(count);
      result.message +=
          "; " + std::to_string(others) + (others == 1 ? " other gate is" : " other gates are") +
          " none: both factors must be condensed in space on every path, each with an embedding of its own, "
          "and the product without a learned scale";
    }
    return result;
  }

 private:
  double bound_;
};

}  // namespace

void register_double_condensing(constraints::ConstraintRegistry& registry) {
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
