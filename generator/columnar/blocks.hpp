#pragma once

#include "generator/columnar/layers.hpp"
#include "generator/columnar/plan.hpp"

namespace gensynth::columnar {

/// One block of a column at stride 1: map (C, H, W) to map (C, H, W). Returns its last vertex.
int build_block(Layers& layers, const ColumnPlan& plan, int v);

/// AttendNeXt, section 2.1 and figure 1: V' = A * B with A = g(expand(embed(condense(V)))) and
/// B = expand(embed(condense(V))), no learned scale; V' + V by gene, and
/// always where both ratios exceed 4. Both branches follow the same plan, or each its
/// own (dc_ac_untied). Pooling without weights is shared where both branches pool alike.
int double_condensing_attention_condenser(Layers& layers, const ColumnPlan& plan, int v);

/// TinySpeech (arXiv:2008.04245): V' = s (V * A) + V with one learned s; only the attention branch is condensed.
int attention_condenser(Layers& layers, const ColumnPlan& plan, int v);

/// AttendNets (arXiv:2009.14385): an attention condenser between a down-mixing and an up-mixing of channels. The
/// layers inside are not published; these are a reconstruction.
int visual_attention_condenser(Layers& layers, const ColumnPlan& plan, int v);

}  // namespace gensynth::columnar
