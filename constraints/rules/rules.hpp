#pragma once

#include "constraints/constraint_info.hpp"

namespace gensynth::rules {

// One function for each file of rules; it adds the rules of the file to the registry.
void register_columnar(constraints::ConstraintSink& registry);
void register_no_strided_pointwise(constraints::ConstraintSink& registry);
void register_anti_aliased_downsampling(constraints::ConstraintSink& registry);
void register_double_condensing(constraints::ConstraintSink& registry);
void register_top1(constraints::ConstraintSink& registry);
void register_bounds(constraints::ConstraintSink& registry);
void register_expression(constraints::ConstraintSink& registry);

/// Adds all built-in rules; called by the registry's constructor.
void register_builtin_rules(constraints::ConstraintSink& registry);

}  // namespace gensynth::rules
