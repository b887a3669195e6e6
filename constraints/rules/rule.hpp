#pragma once

#include <string>
#include <utility>

#include "constraints/constraint_info.hpp"

namespace gensynth::rules {

/// Base of all built-in rules and plugins: name, hardness and weight from the job's entry.
class Rule : public constraints::Constraint {
 public:
  Rule(const constraints::ConstraintArguments& arguments, constraints::CostClass cost_class)
      : name_(arguments.name), hard_(arguments.hard), weight_(arguments.weight), cost_class_(cost_class) {}

  const std::string& name() const override { return name_; }
  constraints::CostClass cost_class() const override { return cost_class_; }
  bool hard() const override { return hard_; }
  double weight() const override { return weight_; }

 protected:
  /// A satisfied verdict with name, hardness and weight.
  constraints::Verdict verdict(double measured, double bound, std::string unit) const {
    constraints::Verdict result;
    result.constraint = name_;
    result.hard = hard_;
    result.weight = weight_;
    result.measured = measured;
    result.bound = bound;
    result.unit = std::move(unit);
    return result;
  }

 private:
  std::string name_;
  bool hard_;
  double weight_;
  constraints::CostClass cost_class_;
};

}  // namespace gensynth::rules
