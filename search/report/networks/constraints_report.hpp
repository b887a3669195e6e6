#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "constraints/registry/registry.hpp"

namespace gensynth::report::networks {

/// All kinds of constraint, one row each.
std::string constraints_text(const registry::ConstraintRegistry& registry);
nlohmann::ordered_json constraints_json(const registry::ConstraintRegistry& registry);

/// One kind with its parameters.
std::string constraint_text(const constraints::ConstraintInfo& info);
nlohmann::ordered_json constraint_json(const constraints::ConstraintInfo& info);

}  // namespace gensynth::report::networks
