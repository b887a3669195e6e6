#pragma once

#include "constraints/registry.hpp"

namespace gensynth::rules {

// One function for each rule's file; it adds what it declares to the registry.
void register_columnar(constraints::ConstraintRegistry& registry);
void register_no_strided_pointwise(constraints::ConstraintRegistry& registry);
void register_anti_aliased_downsampling(constraints::ConstraintRegistry& registry);
void register_double_condensing(constraints::ConstraintRegistry& registry);
void register_top1(constraints::ConstraintRegistry& registry);
void register_bounds(constraints::ConstraintRegistry& registry);
void register_expression(constraints::ConstraintRegistry& registry);

/// All of them: called by the registry's constructor.
void register_builtin_rules(constraints::ConstraintRegistry& registry);

}  // namespace gensynth::rules
