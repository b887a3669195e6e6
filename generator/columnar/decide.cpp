#include "generator/columnar/decide.hpp"

#include <cmath>
#include <span>
#include <string_view>

#include "architecture/base/error.hpp"
#include "generator/columnar/genes.hpp"

namespace gensynth::columnar {
namespace {

/// Asks a chooser, under names that include the place: "stage2.column1.width".
class Asker {
 public:
  explicit Asker(space::Chooser& chooser) : chooser_(chooser) { decision_.name.reserve(48); }

  void at_network() { prefix_.clear(); }
  void at_stage(int stage) {
    prefix_ = "stage";
    prefix_ += static_cast<char>('0' + stage);
    prefix_ += '.';
    stage_length_ = prefix_.size();
  }
  void at_column(int column) {
    prefix_.resize(stage_length_);
    if (column < 0) return;
    prefix_ += "column";
    prefix_ += static_cast<char>('0' + column);
    prefix_ += '.';
  }

  /// Places the name of a part of a block before those of its genes, until leave().
  void enter(const char* part) { prefix_ += part; }
  void leave(const char* part) { prefix_.resize(prefix_.size() - std::string_view(part).size()); }

  /// A decision with one choice is not asked.
  int ask(const Gene& gene, std::size_t choices) {
    if (choices == 1) return 0;
    decision_.name = prefix_;
    decision_.name += gene.name;
    decision_.choices = static_cast<int>(choices);
    decision_.ordinal = gene.ordinal;
    const int answer = chooser_.choose(decision_);
    if (answer < 0 || answer >= decision_.choices) {
      throw Error("columnar space: answer " + std::to_string(answer) + " to '" + decision_.name + "', expected 0 to " +
                  std::to_string(decision_.choices - 1));
    }
    return answer;
  }
  template <typename List>
  auto pick(const Gene& gene, const List& values) {
    return values[static_cast<std::size_t>(ask(gene, values.size()))];
  }
  template <typename T, std::size_t N>
  T pick_kind(const Gene& gene, const std::array<const char*, N>&) {
    return static_cast<T>(ask(gene, N));
  }

 private:
  space::Chooser& chooser_;
  space::Decision decision_;
  std::string prefix_;
  std::size_t stage_length_ = 0;
};

enum class Branch { gated, plain };

CondenserPlan ask_condenser(Asker& asker, Branch branch = Branch::gated) {
  CondenserPlan plan;
  plan.ratio = asker.pick(gene::kRatio, kRatios);
  if (plan.ratio > 1) {
    plan.condense = asker.pick_kind<Condense>(gene::kCondense, kCondenseNames);
    plan.resize = asker.pick(gene::kResize, kResizes);
  }
  plan.reduction = asker.pick(gene::kReduction, kReductions);
  plan.embed_depth = asker.pick(gene::kEmbedDepth, kEmbedDepths);
  plan.embed_width = asker.pick(gene::kEmbedWidth, kEmbedWidths);
  plan.embed_groups = asker.pick(gene::kEmbedGroup, kEmbedGroups);
  if (branch == Branch::gated) plan.gate = asker.pick(gene::kGate, kGates);
  return plan;
}

/// The kind of block and the genes of that kind.
void ask_block(Asker& asker, const Options& options, ColumnPlan& plan) {
  plan.block = asker.pick(gene::kBlock, options.blocks);
  plan.kernel = plan.block == BlockKind::fused_grouped ? asker.pick(gene::kFusedKernel, options.fused_kernels)
                                                       : asker.pick(gene::kKernel, options.kernels);
  switch (plan.block) {
    case BlockKind::dc_ac:
    case BlockKind::visual_attention_condenser:
      plan.condenser = ask_condenser(asker);
      plan.residual = asker.ask(gene::kResidual, 2) == 1;
      break;
    case BlockKind::attention_condenser:
      plan.condenser = ask_condenser(asker);
      break;
    case BlockKind::dc_ac_untied:
      plan.condenser = ask_condenser(asker);
      asker.enter("values.");
      plan.values = ask_condenser(asker, Branch::plain);
      asker.leave("values.");
      plan.residual = asker.ask(gene::kResidual, 2) == 1;
      break;
    case BlockKind::fused_grouped:
      plan.expansion = asker.pick(gene::kExpansion, options.expansions);
      plan.groups = asker.pick(gene::kGroups, options.groups);
      break;
    case BlockKind::inverted_residual:
      plan.expansion = asker.pick(gene::kExpansion, options.expansions);
      plan.squeeze = asker.ask(gene::kSqueeze, 2) == 1;
      break;
    case BlockKind::depthwise_separable:
      plan.groups = asker.pick(gene::kGroups, options.groups);
      plan.residual = asker.ask(gene::kResidual, 2) == 1;
      break;
    case BlockKind::residual:
      plan.groups = asker.pick(gene::kGroups, options.groups);
      break;
  }
}

ColumnPlan ask_column(Asker& asker, const Options& options, int stage) {
  ColumnPlan plan;
  plan.width = asker.pick(gene::kWidth, options.widths[static_cast<std::size_t>(stage)]);
  plan.depth = asker.pick(gene::kDepth, options.depths);
  ask_block(asker, options, plan);
  return plan;
}

void ask_stage(Asker& asker, const Options& options, int stage, StagePlan& plan) {
  asker.at_stage(stage);
  plan.columns = 1 + asker.ask(gene::kColumns, static_cast<std::size_t>(options.max_columns));
  if (plan.columns > 1) {
    plan.interaction = asker.pick_kind<Interaction>(gene::kInteraction, kInteractionNames);
    if (plan.interaction != Interaction::none) {
      plan.every = asker.pick_kind<Every>(gene::kEvery, kEveryNames);
      if (plan.columns > 2) plan.reach = asker.pick_kind<Reach>(gene::kReach, kReachNames);
    }
  }
  const bool tied = plan.columns > 1 && asker.ask(gene::kTied, 2) == 1;
  for (int c = 0; c < plan.columns; ++c) {
    // Tied columns share the genes of the first, so that untying keeps it and its name.
    if (c > 0 && tied) {
      plan.column[static_cast<std::size_t>(c)] = plan.column[0];
      continue;
    }
    asker.at_column(c);
    plan.column[static_cast<std::size_t>(c)] = ask_column(asker, options, stage);
  }
  asker.at_column(-1);
}

void ask_stem(Asker& asker, const Options& options, StemPlan& plan) {
  plan.reduction = asker.pick(gene::kStemReduction, options.stem_reductions);
  plan.width = asker.pick(gene::kStemWidth, options.stem_widths);
  if (plan.reduction == 1) return;
  plan.kind = asker.pick_kind<StemKind>(gene::kStemKind, kStemNames);
  if (plan.kind == StemKind::convolution_blur || plan.kind == StemKind::blur_convolution) {
    plan.taps = asker.pick(gene::kStemTaps, kTaps);
  }
}

class EverythingChooser : public space::Chooser {  // visits all paths of a small walk
 public:
  int choose(const space::Decision& decision) override {
    if (position_ == path_.size()) path_.push_back({0, decision.choices});
    return path_[position_++].first;
  }
  bool advance() {
    position_ = 0;
    while (!path_.empty() && ++path_.back().first == path_.back().second) path_.pop_back();
    return !path_.empty();
  }

 private:
  std::vector<std::pair<int, int>> path_;
  std::size_t position_ = 0;
};

template <typename Walk>
long double count_paths(const Walk& walk) {
  EverythingChooser chooser;
  long double count = 0;
  do {
    Asker asker(chooser);
    walk(asker);
    ++count;
  } while (chooser.advance());
  return count;
}

/// The number of different blocks of one column. Those of dc_ac_untied are the product of the plans of its two
/// branches: too many to be visited one by one.
long double block_count(const Options& options) {
  Options others = options;
  std::erase(others.blocks, BlockKind::dc_ac_untied);
  long double count = 0;
  if (!others.blocks.empty()) {
    count = count_paths([&](Asker& asker) {
      ColumnPlan plan;
      ask_block(asker, others, plan);
    });
  }
  if (others.blocks.size() == options.blocks.size()) return count;
  const auto plans = [](Branch branch) { return count_paths([=](Asker& asker) { ask_condenser(asker, branch); }); };
  constexpr int kResiduals = 2;
  return count +
         static_cast<long double>(options.kernels.size()) * plans(Branch::gated) * plans(Branch::plain) * kResiduals;
}

}  // namespace

NetworkPlan decide(const Options& options, space::Chooser& chooser) {
  NetworkPlan plan;
  Asker asker(chooser);
  plan.px = asker.pick(gene::kPx, options.px);
  plan.activation = asker.pick(gene::kActivation, options.activations);
  ask_stem(asker, options, plan.stem);
  // One gene sets the downsampling of the whole network; its last choice leaves it to each column.
  const std::size_t kinds = options.downsampling.size();
  const auto down = static_cast<std::size_t>(asker.ask(gene::kDownsampling, kinds > 1 ? kinds + 1 : 1));
  plan.stages = options.min_stages +
                asker.ask(gene::kStages, static_cast<std::size_t>(options.max_stages - options.min_stages + 1));
  for (int s = 0; s < plan.stages; ++s) {
    StagePlan& stage = plan.stage[static_cast<std::size_t>(s)];
    ask_stage(asker, options, s, stage);
    for (int c = 0; c < stage.columns && s + 1 < plan.stages; ++c) {
      asker.at_column(c);
      stage.down[static_cast<std::size_t>(c)] =
          down < kinds ? options.downsampling[down] : asker.pick(gene::kDown, options.downsampling);
    }
  }
  asker.at_network();
  plan.head_width = asker.pick(gene::kHeadWidth, options.head_widths);
  return plan;
}

double log10_size(const Options& options) {
  const long double blocks = block_count(options);
  const long double stems = count_paths([&](Asker& asker) {
    StemPlan plan;
    ask_stem(asker, options, plan);
  });
  const auto kinds = static_cast<long double>(options.downsampling.size());
  const auto stage_size = [&](int stage, long double downs) {
    const long double column = static_cast<long double>(options.widths[static_cast<std::size_t>(stage)].size()) *
                               static_cast<long double>(options.depths.size()) * blocks;
    long double sum = column * downs;
    for (int n = 2; n <= options.max_columns; ++n) {
      const long double interactions =
          1 + static_cast<long double>((kInteractionNames.size() - 1) * kEveryNames.size() *
                                       (n > 2 ? kReachNames.size() : 1));
      sum += (std::pow(column, n) + column) * interactions * std::pow(downs, n);
    }
    return sum;
  };
  const auto stages_size = [&](long double downs) {
    long double sum = 0;
    for (int stages = options.min_stages; stages <= options.max_stages; ++stages) {
      long double product = 1;
      for (int s = 0; s < stages; ++s) product *= stage_size(s, s + 1 < stages ? downs : 1);
      sum += product;
    }
    return sum;
  };
  const long double bodies = kinds > 1 ? kinds * stages_size(1) + stages_size(kinds) : stages_size(1);
  return static_cast<double>(std::log10(
      bodies * stems *
      static_cast<long double>(options.px.size() * options.activations.size() * options.head_widths.size())));
}

}  // namespace gensynth::columnar
