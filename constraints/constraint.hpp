#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/metrics.hpp"
#include "constraints/subject.hpp"

namespace gensynth::constraints {

/// When a constraint can run: on the graph alone, after the latency prediction, after proxy training, or after full
/// training. Later classes see all metrics of the earlier ones.
enum class CostClass { graph, latency, proxy, full };
const char* to_string(CostClass cost_class);

/// The judgement of one constraint on one architecture.
struct Verdict {
  std::string constraint;  ///< its name
  bool satisfied = true;
  bool hard = true;
  double weight = 1.0;  ///< weight of the soft penalty in U, in dB per unit of relative violation
  double measured = 0;
  double bound = 0;
  std::string unit;
  double violation = 0;       ///< >= 0, in `unit`; 0 when satisfied
  std::vector<int> vertices;  ///< the vertices to blame, by index; may be empty
  std::string message;        ///< one line for a person: measured value, bound, place

  /// violation / |bound| (violation itself when the bound is 0): the v_i of U.
  double relative_violation() const;
};

/// One term of the indicator 1_r (paper, section 2.2). Immutable and thread-safe; `check` neither prints nor
/// keeps state. It measures the graph and never trusts placements.
class Constraint {
 public:
  virtual ~Constraint() = default;
  virtual const std::string& name() const = 0;
  virtual CostClass cost_class() const = 0;
  virtual bool hard() const = 0;
  virtual double weight() const = 0;
  /// Throws Error only if a metric of its cost class is missing.
  virtual Verdict check(const Subject& subject) const = 0;
  Verdict check(const Architecture& architecture, const Metrics& metrics) const {
    return check(Subject(architecture, metrics));
  }
};

/// The constraints of a job, which together form the indicator.
class ConstraintSet {
 public:
  ConstraintSet() = default;
  explicit ConstraintSet(std::vector<std::unique_ptr<Constraint>> constraints);
  ConstraintSet(ConstraintSet&&) noexcept = default;
  ConstraintSet& operator=(ConstraintSet&&) noexcept = default;

  /// Verdicts of all constraints whose cost class lies in [from, to], in the job's order.
  std::vector<Verdict> check(const Architecture& architecture, const Metrics& metrics, CostClass from,
                             CostClass to) const;
  /// Whether all hard constraints of a cost class are met; stops at the first violated one.
  bool meets_hard(const Architecture& architecture, const Metrics& metrics, CostClass cost_class) const;
  bool has_hard(CostClass cost_class) const;
  std::size_t size() const { return constraints_.size(); }
  const Constraint& operator[](std::size_t i) const { return *constraints_[i]; }
  bool has(const std::string& name) const { return find(name) != nullptr; }
  const Constraint* find(const std::string& name) const;  ///< null if there is none
  /// Whether there is a constraint of this name that needs no evaluation, only the graph and predictions.
  bool tells_freely(const std::string& name) const;

 private:
  std::vector<std::unique_ptr<Constraint>> constraints_;
};

/// Whether no hard constraint is violated.
bool feasible(const std::vector<Verdict>& verdicts);

nlohmann::ordered_json to_json(const Verdict& verdict, const Architecture& architecture);  ///< vertices by id
nlohmann::ordered_json to_json(const Verdict& verdict);                                    ///< vertices by index
Verdict verdict_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer);

}  // namespace gensynth::constraints
