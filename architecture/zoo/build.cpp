#include <algorithm>
#include <array>
#include <string_view>

#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {
namespace {

struct BlockKind {
  std::string_view name;
  BlockBuilder build;
  bool plain;  ///< allowed in a stem or a head
};

constexpr std::array kKinds{
    BlockKind{"conv", conv, true},
    BlockKind{"max_pool", max_pool, true},
    BlockKind{"pool", global_pool, true},
    BlockKind{"average", average_places, true},
    BlockKind{"norm", batch_norm, true},
    BlockKind{"layer_norm", layer_norm, true},
    BlockKind{"fc", fully_connected, true},
    BlockKind{"ds", separable, false},
    BlockKind{"ir", inverted_residual, false},
    BlockKind{"fused", fused_residual, false},
    BlockKind{"basic", basic_residual, false},
    BlockKind{"bottleneck", bottleneck_residual, false},
    BlockKind{"regnet", regnet_residual, false},
    BlockKind{"shuffle", shuffle_unit, false},
    BlockKind{"shuffle_v1", grouped_shuffle_unit, false},
    BlockKind{"inception", inception, false},
    BlockKind{"blaze", blaze_block, false},
    BlockKind{"ghost", ghost_bottleneck, false},
    BlockKind{"fire", fire, false},
    BlockKind{"dense", dense_layer, false},
    BlockKind{"transition", dense_transition, false},
    BlockKind{"one_stem", mobileone_layer, true},
    BlockKind{"one", mobileone_block, false},
    BlockKind{"mobilevit", mobilevit_block, false},
    BlockKind{"edge_conv", edgenext_convolution, false},
    BlockKind{"edge_down", edgenext_downsample, false},
    BlockKind{"edge_attention", edgenext_attention, false},
};

const BlockKind& find_kind(const Step& step) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& k) { return k.name == step.kind(); });
  if (found != kKinds.end()) return *found;
  std::vector<std::string> names;
  for (const BlockKind& kind : kKinds) names.emplace_back(kind.name);
  step.fail("unknown block kind" + suggestion(step.kind(), names));
}

void add_step(Trunk& trunk, const Step& step) {
  const BlockKind& kind = find_kind(step);
  const int stride = step.integer("s", 1);
  const int repeats = step.integer("n", 1);
  try {
    for (int i = 0; i < repeats; ++i) {
      trunk.begin_block(i == 0 ? stride : 1);
      kind.build(trunk, step, i == 0 ? stride : 1);
    }
  } catch (const StepError&) {
    throw;
  } catch (const Error& error) {
    step.fail(error.what());
  }
  step.finish();
}

}  // namespace

Architecture build_network(const std::string& name, int px, const std::string& table) {
  const std::vector<Step> steps = parse_steps(table, "zoo network '" + name + "'");
  const auto last_block = std::find_if(steps.rbegin(), steps.rend(), [](const Step& s) { return !find_kind(s).plain; });
  const auto head = static_cast<std::size_t>(steps.rend() - last_block);
  Trunk trunk(name, 3, px);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    trunk.set_section(i == 0 ? Role::stem : i >= head ? Role::head : Role::none);
    add_step(trunk, steps[i]);
  }
  return trunk.build();
}

}  // namespace gensynth::zoo
