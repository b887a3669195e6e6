#pragma once

#include <memory>
#include <string>

#include "constraints/plugin/gensynth_plugin.h"
#include "constraints/plugin/library.hpp"
#include "constraints/registry.hpp"

namespace gensynth::plugin {

/// A plugin's description of one kind, from its JSON. Throws Error naming `who`.
constraints::ConstraintInfo plugin_info(const std::string& text, const std::string& who, const std::string& path);

/// Makes constraints of a plugin's kind; they and the factory keep the library loaded.
constraints::ConstraintFactory plugin_factory(std::shared_ptr<const Library> library,
                                              const GensynthConstraintKind& kind,
                                              const constraints::ConstraintInfo& info);

}  // namespace gensynth::plugin
