#include "constraints/constraint.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/base/whole_number.hpp"

namespace gensynth::constraints {
namespace {

nlohmann::ordered_json without_vertices(const Verdict& verdict) {
  return {{"constraint", verdict.constraint},
          {"satisfied", verdict.satisfied},
          {"hard", verdict.hard},
          {"weight", verdict.weight},
          {"measured", verdict.measured},
          {"bound", verdict.bound},
          {"unit", verdict.unit},
          {"violation", verdict.violation}};
}

}  // namespace

const char* to_string(CostClass cost_class) {
  switch (cost_class) {
    case CostClass::graph:
      return "graph";
    case CostClass::latency:
      return "latency";
    case CostClass::proxy:
      return "proxy";
    case CostClass::full:
      return "full";
  }
  return "graph";
}

double Verdict::relative_violation() const { return bound == 0 ? violation : violation / std::abs(bound); }

ConstraintSet::ConstraintSet(std::vector<std::unique_ptr<Constraint>> constraints)
    : constraints_(std::move(constraints)) {}

std::vector<Verdict> ConstraintSet::check(const Architecture& architecture, const Metrics& metrics, CostClass from,
                                          CostClass to) const {
  std::vector<Verdict> verdicts;
  const Subject subject(architecture, metrics);
  for (const auto& constraint : constraints_) {
    const CostClass cost_class = constraint->cost_class();
    if (cost_class >= from && cost_class <= to) verdicts.push_back(constraint->check(subject));
  }
  return verdicts;
}

bool ConstraintSet::meets_hard(const Architecture& architecture, const Metrics& metrics, CostClass cost_class) const {
  const Subject subject(architecture, metrics);
  return std::all_of(constraints_.begin(), constraints_.end(), [&](const auto& constraint) {
    const bool asked = constraint->hard() && constraint->cost_class() == cost_class;
    return !asked || constraint->check(subject).satisfied;
  });
}

bool ConstraintSet::has_hard(CostClass cost_class) const {
  return std::any_of(constraints_.begin(), constraints_.end(), [&](const auto& constraint) {
    return constraint->hard() && constraint->cost_class() == cost_class;
  });
}

const Constraint* ConstraintSet::find(const std::string& name) const {
  for (const auto& constraint : constraints_) {
    if (constraint->name() == name) return constraint.get();
  }
  return nullptr;
}

bool ConstraintSet::tells_freely(const std::string& name) const {
  const Constraint* constraint = find(name);
  return constraint != nullptr && constraint->cost_class() <= CostClass::latency;
}

bool feasible(const std::vector<Verdict>& verdicts) {
  for (const Verdict& verdict : verdicts) {
    if (verdict.hard && !verdict.satisfied) return false;
  }
  return true;
}

nlohmann::ordered_json to_json(const Verdict& verdict, const Architecture& architecture) {
  nlohmann::ordered_json result = without_vertices(verdict);
  result["vertices"] = nlohmann::ordered_json::array();
  for (const int vertex : verdict.vertices) result["vertices"].push_back(architecture[vertex].id);
  result["message"] = verdict.message;
  return result;
}

nlohmann::ordered_json to_json(const Verdict& verdict) {
  nlohmann::ordered_json result = without_vertices(verdict);
  result["vertices"] = verdict.vertices;
  result["message"] = verdict.message;
  return result;
}

Verdict verdict_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  constexpr double kHigh = std::numeric_limits<double>::max();
  JsonReader reader(value, source, pointer);
  Verdict verdict;
  verdict.constraint = reader.string("constraint");
  verdict.satisfied = reader.boolean("satisfied");
  verdict.hard = reader.boolean("hard");
  verdict.weight = reader.number("weight", 0, kHigh);
  verdict.measured = reader.number("measured", -kHigh, kHigh);
  verdict.bound = reader.number("bound", -kHigh, kHigh);
  verdict.unit = reader.string("unit");
  verdict.violation = reader.number("violation", 0, kHigh);
  const auto vertices = whole_numbers(reader.array("vertices"), 0, std::numeric_limits<int>::max());
  if (!vertices) reader.fail("vertices", "expected vertex indices (whole numbers, 0 or more)");
  verdict.vertices = *vertices;
  verdict.message = reader.string("message");
  reader.finish();
  return verdict;
}

}  // namespace gensynth::constraints
