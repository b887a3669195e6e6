#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "constraints/constraint_info.hpp"

namespace gensynth::registry {

/// How constraints of plugins are treated.
enum class Plugins {
  load,  ///< their libraries are loaded and their parameters checked
  leave  ///< for a job that was checked before: parameters are read unchecked, and no library is opened or needed
};

/// The kinds of constraint. Built-ins are registered by an explicit call, plugins by loading them.
class ConstraintRegistry : public constraints::ConstraintSink {
 public:
  explicit ConstraintRegistry(Plugins plugins = Plugins::load);  ///< with the built-ins
  void add(constraints::ConstraintInfo info, constraints::ConstraintFactory factory) override;
  /// Loads a plugin's shared library (constraints/plugin/gensynth_plugin.h); loading one twice is fine. Throws
  /// Error with both versions and how to rebuild if they do not match.
  void load_plugin(const std::string& path);

  std::vector<const constraints::ConstraintInfo*> list() const;
  const constraints::ConstraintInfo& describe(const std::string& name) const;  ///< throws Error with the nearest name

  /// Checks one entry of a job's "constraints". Unknown keys are errors with the nearest key. A relative plugin path is
  /// resolved against the folder of `source`.
  constraints::ConstraintSpec read(const nlohmann::json& entry, const std::string& source, const std::string& pointer);
  /// Checks a job's array and makes every constraint once; labels must differ.
  std::vector<constraints::ConstraintSpec> read_all(const nlohmann::json& entries, const std::string& source,
                                                    const std::string& pointer);
  std::unique_ptr<constraints::Constraint> create(const constraints::ConstraintSpec& spec);
  std::unique_ptr<constraints::Constraint> create(const nlohmann::json& entry, const std::string& source,
                                                  const std::string& pointer);
  /// With Plugins::leave, the result has no constraints of plugins.
  constraints::ConstraintSet create_all(const std::vector<constraints::ConstraintSpec>& specs);
  constraints::ConstraintSet create_all(const nlohmann::json& entries, const std::string& source,
                                        const std::string& pointer);

 private:
  struct Kind {
    constraints::ConstraintInfo info;
    constraints::ConstraintFactory factory;
  };
  Plugins plugins_;
  std::map<std::string, Kind> kinds_;
};

}  // namespace gensynth::registry
