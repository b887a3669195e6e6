#pragma once

#include <string>
#include <vector>

#include "constraints/registry.hpp"

namespace gensynth::plugin {

/// A kind of constraint of a plugin. Its factory and the constraints that it makes keep the library loaded.
struct PluginConstraint {
  constraints::ConstraintInfo info;
  constraints::ConstraintFactory factory;
};

/// Opens a shared library and returns its kinds of constraints. Throws Error naming the file if it does not exist, is
/// no library or no plugin, was built for another version of the interface (with both versions and how to rebuild), or
/// reports an error of its own.
std::vector<PluginConstraint> open_plugin(const std::string& path);

}  // namespace gensynth::plugin
