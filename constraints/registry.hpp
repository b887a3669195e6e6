#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "constraints/constraint.hpp"

namespace gensynth::constraints {

/// A declared parameter of a constraint; the registry checks type and range and fills defaults.
struct ParameterInfo {
  std::string name;
  std::string type;                  ///< "number", "integer", "boolean", "string"
  nlohmann::json fallback;           ///< null: the user must give it
  double low = 0, high = 0;          ///< for numbers, when low < high
  std::vector<std::string> choices;  ///< for strings, when not empty
  std::string help;
};

struct ConstraintInfo {
  std::string name;
  std::string summary;      ///< one line
  std::string description;  ///< what is measured and how, with its source
  CostClass cost_class = CostClass::graph;
  bool hard_by_default = true;
  std::vector<ParameterInfo> parameters;  ///< "hard" and "weight" are understood by all and not listed
  std::string origin = "built in";        ///< or the plugin's path
};

/// What a constraint is made from: checked parameters, all present.
struct ConstraintArguments {
  std::string name;  ///< the user's label for it, or the constraint's name
  bool hard = true;
  double weight = 1.0;
  nlohmann::json parameters;
};

using ConstraintFactory = std::function<std::unique_ptr<Constraint>(const ConstraintArguments&)>;

/// The kinds of constraint. Built-ins are registered by an explicit call, plugins by loading them.
class ConstraintRegistry {
 public:
  ConstraintRegistry();                                      ///< with the built-ins
  void add(ConstraintInfo info, ConstraintFactory factory);  ///< throws Error when the name is taken
  /// Loads a plugin's shared library (constraints/plugin/gensynth_plugin.h); loading one twice is fine. Throws
  /// Error saying both versions and how to rebuild when they do not match.
  void load_plugin(const std::string& path);

  std::vector<const ConstraintInfo*> list() const;
  const ConstraintInfo& describe(const std::string& name) const;  ///< throws Error with the nearest name

  /// One entry of a job: {"constraint": NAME, "hard": bool, "weight": number, "label": text, "plugin": PATH,
  /// parameters...}. Unknown keys are errors with the nearest key. A relative plugin path is resolved against
  /// the folder of `source`.
  std::unique_ptr<Constraint> create(const nlohmann::json& entry, const std::string& source,
                                     const std::string& pointer);
  /// A job's array.
  ConstraintSet create_all(const nlohmann::json& entries, const std::string& source, const std::string& pointer);
  /// One object with all defaults made visible, for the effective job.
  nlohmann::ordered_json effective(const nlohmann::json& entry, const std::string& source, const std::string& pointer);

 private:
  struct Kind {
    ConstraintInfo info;
    ConstraintFactory factory;
  };
  std::map<std::string, Kind> kinds_;
};

}  // namespace gensynth::constraints
