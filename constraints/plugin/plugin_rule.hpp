#pragma once

#include <memory>
#include <string>

#include "constraints/constraint_info.hpp"
#include "constraints/plugin/plugin_process.hpp"

namespace gensynth::plugin {

/// A plugin's description of one kind, from its JSON. Throws Error naming `who`.
constraints::ConstraintInfo plugin_info(const std::string& text, const std::string& who, const std::string& path);

/// Makes constraints of a plugin's kind; they and the factory keep the process.
constraints::ConstraintFactory plugin_factory(std::shared_ptr<PluginProcess> process, std::size_t kind,
                                              const constraints::ConstraintInfo& info);

}  // namespace gensynth::plugin
