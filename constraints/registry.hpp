#pragma once

#include <functional>
#include <map>
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

/// The kinds of constraint. Built-ins are registered by an explicit call, plugins by loading them.
class ConstraintRegistry {
 public:
  ConstraintRegistry();                                      ///< with the built-ins
  void add(ConstraintInfo info, ConstraintFactory factory);  ///< throws Error when the name is taken
  /// Loads a plugin's shared library (constraints/plugin/gensynth_plugin.h); loading one twice is fine. Throws
  /// Error with both versions and how to rebuild if they do not match.
  void load_plugin(const std::string& path);

  std::vector<const ConstraintInfo*> list() const;
  const ConstraintInfo& describe(const std::string& name) const;  ///< throws Error with the nearest name

  /// Checks one entry of a job's "constraints". Unknown keys are errors with the nearest key. A relative plugin path is
  /// resolved against the folder of `source`.
  ConstraintSpec read(const nlohmann::json& entry, const std::string& source, const std::string& pointer);
  /// Checks a job's array and makes every constraint once; labels must differ.
  std::vector<ConstraintSpec> read_all(const nlohmann::json& entries, const std::string& source,
                                       const std::string& pointer);
  std::unique_ptr<Constraint> create(const ConstraintSpec& spec);
  std::unique_ptr<Constraint> create(const nlohmann::json& entry, const std::string& source,
                                     const std::string& pointer);
  ConstraintSet create_all(const std::vector<ConstraintSpec>& specs);
  ConstraintSet create_all(const nlohmann::json& entries, const std::string& source, const std::string& pointer);

 private:
  struct Kind {
    ConstraintInfo info;
    ConstraintFactory factory;
  };
  std::map<std::string, Kind> kinds_;
};

}  // namespace gensynth::constraints
