#include <algorithm>
#include <variant>

#include "constraints/rules/flow.hpp"
#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::rules {
namespace {

/// Finds double-condensing attention condensers (paper, section 2.1): gates that mix places and both of whose
/// factors were made from fewer values than the gate's entry has.
class CondenserFinder {
 public:
  explicit CondenserFinder(const Architecture& architecture)
      : architecture_(architecture),
        flow_(architecture),
        gates_(find_gates(architecture, flow_)),
        mark_(static_cast<std::size_t>(architecture.size()), -1) {}

  std::vector<int> find() {
    std::vector<int> found;
    for (int v = 1; v < flow_.size(); ++v) {
      const auto at = static_cast<std::size_t>(v);
      if (gates_.entry[at] < 0 || gates_.spatial[at] == 0) continue;
      const auto factors = flow_.inputs(v);
      if (std::all_of(factors.begin(), factors.end(), [&](int u) { return condensed(u, gates_.entry[at]); })) {
        found.push_back(v);
      }
    }
    return found;
  }

 private:
  /// Whether on the way from `entry` to `factor` some map has at most half of the entry's values.
  bool condensed(int factor, int entry) {
    if (factor == entry) return false;
    const std::int64_t limit = architecture_.shape(entry).elements() / 2;
    ++round_;
    stack_.assign(1, factor);
    while (!stack_.empty()) {
      const int u = stack_.back();
      stack_.pop_back();
      if (u == entry || mark_[static_cast<std::size_t>(u)] == round_) continue;
      mark_[static_cast<std::size_t>(u)] = round_;
      if (architecture_.shape(u).elements() <= limit) return true;
      for (const int w : flow_.inputs(u)) stack_.push_back(w);
    }
    return false;
  }

  const Architecture& architecture_;
  Flow flow_;
  Gates gates_;
  std::vector<int> mark_;
  std::vector<int> stack_;
  int round_ = 0;
};

class DoubleCondensing : public Rule {
 public:
  explicit DoubleCondensing(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::graph), bound_(arguments.parameters.at("bound")) {}

  constraints::Verdict check(const Architecture& architecture, const Metrics&) const override {
    const auto count = static_cast<double>(CondenserFinder(architecture).find().size());
    constraints::Verdict result = verdict(count, bound_, "blocks");
    result.violation = std::max(0.0, bound_ - count);
    result.satisfied = result.violation <= 0;
    result.message = std::to_string(static_cast<int>(count)) + " double-condensing attention condensers (at least " +
                     std::to_string(static_cast<int>(bound_)) + ")";
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
      "Counts the gates (single-entry single-exit regions that end in a multiply) that mix places and both of whose "
      "factors are made from at most half of the values that enter: the attention and the feature branch are condensed "
      "(paper, section 2.1). Squeeze-and-excitation and attention condensers of one branch do not count.";
  info.parameters = {{"bound", "integer", 1, 1, 10'000, {}, "at least so many blocks"}};
  registry.add(std::move(info),
               [](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                 return std::make_unique<DoubleCondensing>(arguments);
               });
}

}  // namespace gensynth::rules
