#include "constraints/plugin/failing_rule.hpp"

#include <atomic>
#include <utility>

#include "architecture/base/error.hpp"

namespace gensynth::plugin {
namespace {

class FailingRule final : public constraints::Constraint {
 public:
  explicit FailingRule(std::unique_ptr<constraints::Constraint> rule) : rule_(std::move(rule)) {}

  const std::string& name() const override { return rule_->name(); }
  constraints::CostClass cost_class() const override { return rule_->cost_class(); }
  bool hard() const override { return rule_->hard(); }
  double weight() const override { return rule_->weight(); }

  constraints::Verdict check(const constraints::Subject& subject) const override {
    try {
      constraints::Verdict verdict = rule_->check(subject);
      failures_ = 0;
      return verdict;
    } catch (const Error& error) {
      if (++failures_ >= kFailuresThatEnd) {
        throw error.with_context("a plugin failed on " + std::to_string(kFailuresThatEnd) + " networks in a row");
      }
      constraints::Verdict failed;
      failed.constraint = rule_->name();
      failed.satisfied = false;
      failed.weight = rule_->weight();
      failed.measured = failed.violation = 1;
      failed.unit = "failures";
      failed.message = error.what();
      return failed;
    }
  }

 private:
  std::unique_ptr<constraints::Constraint> rule_;
  mutable std::atomic<int> failures_ = 0;  // in a row
};

}  // namespace

std::unique_ptr<constraints::Constraint> failure_is_violation(std::unique_ptr<constraints::Constraint> rule) {
  return std::make_unique<FailingRule>(std::move(rule));
}

}  // namespace gensynth::plugin
