#pragma once

#include "constraints/registry.hpp"

namespace gensynth::rules {

// One function for each file of rules; it adds the rules of the file to the registry.
void register_columnar(constraints::ConstraintRegistry& registry);
void register_no_strided_pointwise(constraints::ConstraintRegistry& registry);
void register_anti_aliased_downsampling(constraints::ConstraintRegistry& registry);
void register_double_condensing(constraints::ConstraintRegistry& registry);
void register_top1(constraints::ConstraintRegistry& registry);
void register_bounds(constraints::ConstraintRegistry& registry);
void register_expression(constraints::ConstraintRegistry& registry);

/// Adds all built-in rules; called by the registry's constructor.
void register_builtin_rules(constraints::ConstraintRegistry& registry);

}  // namespace gensynth::rules
