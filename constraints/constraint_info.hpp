#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "architecture/base/option.hpp"
#include "constraints/constraint.hpp"

namespace gensynth::constraints {

/// A declared parameter of a constraint; the registry checks type and range and fills defaults.
using ParameterInfo = Option;

struct ConstraintInfo {
  std::string name;
  std::string summary;      ///< one line
  std::string description;  ///< what is measured and how, with the source
  CostClass cost_class = CostClass::graph;
  bool hard_by_default = true;
  std::vector<ParameterInfo> parameters;  ///< its own; `constraint_options` has the keys of all constraints
  std::string origin = "built in";        ///< "built in", or the plugin's path
};

/// The arguments of a constraint's factory: checked parameters, all present.
struct ConstraintArguments {
  std::string name;  ///< the user's label, or the constraint's name
  bool hard = true;
  double weight = 1.0;
  nlohmann::json parameters;
};

/// One entry of a job's "constraints", checked, with every default: {"constraint": NAME, "hard": bool, "weight":
/// number, "label": text, "plugin": PATH, parameters...}.
struct ConstraintSpec {
  std::string constraint;
  std::string label;   ///< the user's label, or `constraint`
  std::string plugin;  ///< absolute path of its plugin library, or empty
  bool hard = true;
  double weight = 1.0;
  nlohmann::ordered_json parameters = nlohmann::ordered_json::object();
};
nlohmann::ordered_json to_json(const ConstraintSpec& spec);
/// The keys of every constraint.
const OptionList<ConstraintSpec>& constraint_options();

using ConstraintFactory = std::function<std::unique_ptr<Constraint>(const ConstraintArguments&)>;

/// Takes the kinds of constraint that rules and plugins offer.
class ConstraintSink {
 public:
  virtual ~ConstraintSink() = default;
  virtual void add(ConstraintInfo info, ConstraintFactory factory) = 0;  ///< throws Error when the name is taken
};

}  // namespace gensynth::constraints
