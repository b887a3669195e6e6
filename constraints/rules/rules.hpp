#pragma once

#include "constraints/registry.hpp"

namespace gensynth {

// One function for each rule's file; it adds what it declares to the registry.
void register_columnar(ConstraintRegistry& registry);
void register_no_strided_pointwise(ConstraintRegistry& registry);
void register_anti_aliased_downsampling(ConstraintRegistry& registry);
void register_double_condensing(ConstraintRegistry& registry);
void register_top1(ConstraintRegistry& registry);
void register_bounds(ConstraintRegistry& registry);
void register_expression(ConstraintRegistry& registry);

/// All of them: called by the registry's constructor.
void register_builtin_rules(ConstraintRegistry& registry);

}  // namespace gensynth
