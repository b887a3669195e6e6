#pragma once

#include <string>
#include <vector>

#include "constraints/registry.hpp"

namespace gensynth::plugin {

/// A kind of constraint that a plugin offers. Its factory, and what it makes, keep the library loaded.
struct PluginConstraint {
  constraints::ConstraintInfo info;
  constraints::ConstraintFactory factory;
};

/// Opens a shared library and asks it what it offers. Throws Error naming the file: not there, no library, no
/// plugin, built for another version of the interface (with both versions and how to rebuild), or its own words.
std::vector<PluginConstraint> open_plugin(const std::string& path);

}  // namespace gensynth::plugin
