#include "constraints/plugin/failing_rule.hpp"

#include <chrono>
#include <mutex>
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
    const auto begin = Clock::now();
    try {
      constraints::Verdict verdict = rule_->check(subject);
      const std::lock_guard lock(mutex_);
      failures_ = 0;
      seconds_ = 0;
      judged_ = true;
      return verdict;
    } catch (const Error& error) {
      count_failure(std::chrono::duration<double>(Clock::now() - begin).count(), error);
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
  using Clock = std::chrono::steady_clock;

  void count_failure(double seconds, const Error& error) const {
    const std::lock_guard lock(mutex_);
    ++failures_;
    seconds_ += seconds;
    if (failures_ < (judged_ ? kFailuresInARow : kFailuresAtFirst) && seconds_ < kFailingSeconds) return;
    throw error.with_context("a plugin failed on " + std::to_string(failures_) + " networks in a row");
  }

  std::unique_ptr<constraints::Constraint> rule_;
  mutable std::mutex mutex_;     // guards what follows
  mutable int failures_ = 0;     // in a row
  mutable double seconds_ = 0;   // that they took
  mutable bool judged_ = false;  // any network
};

}  // namespace

std::unique_ptr<constraints::Constraint> failure_is_violation(std::unique_ptr<constraints::Constraint> rule) {
  return std::make_unique<FailingRule>(std::move(rule));
}

}  // namespace gensynth::plugin
