#include "generator/columnar/assemble.hpp"

#include <algorithm>
#include <span>

#include "generator/columnar/blocks.hpp"
#include "generator/columnar/interaction.hpp"

namespace gensynth::columnar {
namespace {

/// One step of the stem: a full convolution on the image, later ones depthwise separable; stride 2 or 1.
int stem_step(Layers& layers, const StemPlan& plan, int v, bool first, int stride) {
  const bool blurs_first = plan.kind == StemKind::blur_convolution;
  const int convolution_stride = plan.kind == StemKind::strided_convolution ? stride : 1;
  if (stride > 1 && blurs_first) v = layers.blur(v, plan.taps, stride, Role::stem);
  const int groups = first ? 1 : layers.channels(v);
  v = layers.activate(layers.convolve(v, plan.width, 3, convolution_stride, groups, Role::stem), Role::stem);
  if (stride > 1 && plan.kind == StemKind::convolution_blur) v = layers.blur(v, plan.taps, stride, Role::stem);
  if (stride > 1 && plan.kind == StemKind::convolution_max_pool) {
    v = layers.pool(v, PoolKind::max, stride, Role::stem);
  }
  return first ? v : layers.activate(layers.pointwise(v, plan.width, Role::stem), Role::stem);
}

int stem(Layers& layers, const StemPlan& plan, int image) {
  int v = stem_step(layers, plan, image, true, plan.reduction > 1 ? 2 : 1);
  if (plan.reduction > 2) v = stem_step(layers, plan, v, false, 2);
  return v;
}

std::vector<int> widths_of(const StagePlan& stage) {
  std::vector<int> widths;
  for (int c = 0; c < stage.columns; ++c) widths.push_back(stage.column[static_cast<std::size_t>(c)].width);
  return widths;
}

bool interacts_after(Every every, int block, int last_block) {
  if (block == last_block) return true;
  return every == Every::block || (every == Every::second_block && block % 2 == 1);
}

/// Runs the blocks. After a block those columns meet that have had one; after the last block of the stage, all.
void run_stage(Layers& layers, const StagePlan& stage, std::vector<int>& columns) {
  int depth = 0;
  for (int c = 0; c < stage.columns; ++c) depth = std::max(depth, stage.column[static_cast<std::size_t>(c)].depth);
  for (int block = 0; block < depth; ++block) {
    std::vector<int> active;
    for (int c = 0; c < stage.columns; ++c) {
      const ColumnPlan& column = stage.column[static_cast<std::size_t>(c)];
      int& v = columns[static_cast<std::size_t>(c)];
      if (block < column.depth) {
        layers.place.column = c;
        layers.place.block = block;
        v = build_block(layers, column, v);
      }
      if (block < column.depth || block == depth - 1) active.push_back(c);
    }
    layers.place.column = -1;
    layers.place.block = -1;
    if (stage.interaction == Interaction::none || !interacts_after(stage.every, block, depth - 1)) continue;
    std::vector<int> meeting;
    for (const int c : active) meeting.push_back(columns[static_cast<std::size_t>(c)]);
    interact(layers, stage.interaction, stage.reach, active, meeting);
    for (std::size_t i = 0; i < active.size(); ++i) columns[static_cast<std::size_t>(active[i])] = meeting[i];
  }
}

void downsample_columns(Layers& layers, const StagePlan& stage, const std::vector<int>& next_widths,
                        std::vector<int>& columns) {
  const bool column_to_column = next_widths.size() == columns.size();
  const std::vector<int> sources = columns;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto same = [&](std::size_t other) {
      return sources[other] == sources[c] && stage.down[other] == stage.down[c] && !learns(stage.down[c]);
    };
    std::size_t twin = 0;  // an earlier column that shares this one's vertex after a sum and is filtered alike
    while (twin < c && !same(twin)) ++twin;
    layers.place.column = static_cast<int>(c);
    columns[c] =
        twin < c ? columns[twin] : downsample(layers, stage.down[c], sources[c], column_to_column ? next_widths[c] : 0);
  }
  layers.place.column = -1;
}

int head(Layers& layers, const Options& options, const std::vector<int>& columns, int width) {
  layers.place = {};
  int v = layers.join_distinct(columns, Role::join);
  v = layers.activate(layers.pointwise(v, width, Role::head), Role::head);
  v = layers.add(GlobalPool{}, v, Role::head);
  if (options.dropout > 0) v = layers.add(Dropout{options.dropout}, v, Role::head);
  return layers.add(Linear{options.classes, true}, v, Role::head);
}

}  // namespace

Architecture assemble(const Options& options, const NetworkPlan& plan, const std::string& name) {
  ArchitectureBuilder builder(name, Shape{Layout::map, options.channels, plan.px, plan.px});
  Layers layers(builder, plan.activation);
  std::vector<int> columns{stem(layers, plan.stem, builder.input())};
  const std::span<const StagePlan> stages(plan.stage.data(), static_cast<std::size_t>(plan.stages));
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const std::vector<int> widths = widths_of(stages[s]);
    layers.place = {static_cast<int>(s), -1, -1, Role::none};
    if (s == 0) {
      // Every column of the first stage reads the stem itself.
      columns.assign(widths.size(), columns.front());
    } else {
      downsample_columns(layers, stages[s - 1], widths, columns);
    }
    columns = connect(layers, columns, widths);
    run_stage(layers, stages[s], columns);
  }
  return builder.build(head(layers, options, columns, plan.head_width));
}

}  // namespace gensynth::columnar
