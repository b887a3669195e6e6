#pragma once

#include <string>
#include <vector>

#include "constraints/constraint_info.hpp"
#include "constraints/plugin/guard.hpp"

namespace gensynth::plugin {

/// A kind of constraint that a plugin offers. Its factory, and what it makes, keep the helper
/// process in which the library is loaded (plugin_process.hpp).
struct PluginConstraint {
  constraints::ConstraintInfo info;
  constraints::ConstraintFactory factory;
};

/// Loads a shared library in a helper process and asks it what it offers. Throws Error naming the file: not there, no
/// library, no plugin, built for another version of the interface (with both versions and how to rebuild), its own
/// words, or how its process ended.
std::vector<PluginConstraint> open_plugin(const std::string& path, const Limits& limits = {});

}  // namespace gensynth::plugin
