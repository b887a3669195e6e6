#include "constraints/rules/rules.hpp"

namespace gensynth::rules {

void register_builtin_rules(constraints::ConstraintSink& registry) {
  register_columnar(registry);
  register_no_strided_pointwise(registry);
  register_anti_aliased_downsampling(registry);
  register_double_condensing(registry);
  register_top1(registry);
  register_bounds(registry);
  register_expression(registry);
}

}  // namespace gensynth::rules
