#include "generator/columnar/genes.hpp"

#include <string_view>

#include "architecture/base/error.hpp"
#include "generator/columnar/decide.hpp"

namespace gensynth::columnar {
namespace {

using Labels = std::vector<std::string>;

template <typename List>
Labels numbers(const List& values) {
  Labels result;
  for (const int value : values) result.push_back(std::to_string(value));
  return result;
}

Labels range(int low, int high) {
  Labels result;
  for (int value = low; value <= high; ++value) result.push_back(std::to_string(value));
  return result;
}

template <typename Names>
Labels names(const Names& all) {
  return {all.begin(), all.end()};
}

/// Enumerators whose names are `to_string`'s.
template <typename List>
Labels named(const List& values) {
  Labels result;
  for (const auto value : values) result.emplace_back(to_string(value));
  return result;
}

template <typename T, typename Names>
Labels chosen(const std::vector<T>& values, const Names& all) {
  Labels result;
  for (const T value : values) result.emplace_back(all[static_cast<std::size_t>(value)]);
  return result;
}

Labels no_or_yes(const Options&, int) { return {"no", "yes"}; }

}  // namespace

namespace gene {

constexpr bool kOrdinal = true;

const Gene kPx{"px", kOrdinal, [](const Options& o, int) { return numbers(o.px); }};
const Gene kActivation{"activation", false, [](const Options& o, int) { return named(o.activations); }};
const Gene kStemReduction{"stem.reduction", kOrdinal, [](const Options& o, int) { return numbers(o.stem_reductions); }};
const Gene kStemWidth{"stem.width", kOrdinal, [](const Options& o, int) { return numbers(o.stem_widths); }};
const Gene kStemKind{"stem.kind", false, [](const Options&, int) { return names(kStemNames); }};
const Gene kStemTaps{"stem.taps", kOrdinal, [](const Options&, int) { return numbers(kTaps); }};
const Gene kDownsampling{"downsampling", false, [](const Options& o, int) {
                           Labels result = chosen(o.downsampling, kDownsamplingNames);
                           result.emplace_back("by_column");
                           return result;
                         }};
const Gene kStages{"stages", kOrdinal, [](const Options& o, int) { return range(o.min_stages, o.max_stages); }};
const Gene kHeadWidth{"head.width", kOrdinal, [](const Options& o, int) { return numbers(o.head_widths); }};

const Gene kColumns{"columns", kOrdinal, [](const Options& o, int) { return range(1, o.max_columns); }};
const Gene kInteraction{"interaction", false, [](const Options&, int) { return names(kInteractionNames); }};
const Gene kEvery{"every", false, [](const Options&, int) { return names(kEveryNames); }};
const Gene kReach{"reach", false, [](const Options&, int) { return names(kReachNames); }};
const Gene kTied{"tied", false, [](const Options&, int) { return Labels{"free", "tied"}; }};

const Gene kWidth{"width", kOrdinal,
                  [](const Options& o, int stage) { return numbers(o.widths[static_cast<std::size_t>(stage)]); }};
const Gene kDepth{"depth", kOrdinal, [](const Options& o, int) { return numbers(o.depths); }};
const Gene kBlock{"block", false, [](const Options& o, int) { return chosen(o.blocks, kBlockNames); }};
const Gene kKernel{"kernel", kOrdinal, [](const Options& o, int) { return numbers(o.kernels); }};
const Gene kFusedKernel{"fused_kernel", kOrdinal, [](const Options& o, int) { return numbers(o.fused_kernels); }};
const Gene kGroups{"groups", kOrdinal, [](const Options& o, int) { return numbers(o.groups); }};
const Gene kExpansion{"expansion", kOrdinal, [](const Options& o, int) { return numbers(o.expansions); }};
const Gene kSqueeze{"squeeze", false, no_or_yes};
const Gene kResidual{"residual", false, no_or_yes};
const Gene kDown{"down", false, [](const Options& o, int) { return chosen(o.downsampling, kDownsamplingNames); }};

const Gene kRatio{"ratio", kOrdinal, [](const Options&, int) { return numbers(kRatios); }};
const Gene kCondense{"condense", false, [](const Options&, int) { return names(kCondenseNames); }};
const Gene kResize{"resize", false, [](const Options&, int) { return named(kResizes); }};
const Gene kReduction{"reduction", kOrdinal, [](const Options&, int) { return numbers(kReductions); }};
const Gene kEmbedDepth{"embed_depth", kOrdinal, [](const Options&, int) { return numbers(kEmbedDepths); }};
const Gene kEmbedWidth{"embed_width", kOrdinal, [](const Options&, int) { return numbers(kEmbedWidths); }};
const Gene kEmbedGroup{"embed_groups", kOrdinal, [](const Options&, int) {
                         Labels result = numbers(kEmbedGroups);
                         result[0] = "depthwise";
                         return result;
                       }};
const Gene kGate{"gate", false, [](const Options&, int) { return named(kGates); }};

}  // namespace gene

namespace {

const std::array kNetworkGenes{&gene::kPx,        &gene::kActivation,   &gene::kStemReduction,
                               &gene::kStemWidth, &gene::kStemKind,     &gene::kStemTaps,
                               &gene::kStages,    &gene::kDownsampling, &gene::kHeadWidth};
const std::array kStageGenes{&gene::kColumns,    &gene::kInteraction, &gene::kEvery,     &gene::kReach,
                             &gene::kTied,       &gene::kWidth,       &gene::kDepth,     &gene::kBlock,
                             &gene::kKernel,     &gene::kFusedKernel, &gene::kGroups,    &gene::kExpansion,
                             &gene::kSqueeze,    &gene::kResidual,    &gene::kDown,      &gene::kRatio,
                             &gene::kCondense,   &gene::kResize,      &gene::kReduction, &gene::kEmbedDepth,
                             &gene::kEmbedWidth, &gene::kEmbedGroup,  &gene::kGate};

template <typename Genes>
const Gene* find(const Genes& genes, std::string_view name) {
  for (const Gene* gene : genes) {
    if (name == gene->name) return gene;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> labels(const Options& options, const space::Decision& decision) {
  const std::string& name = decision.name;
  int stage = 0;
  const Gene* gene = find(kNetworkGenes, name);
  if (gene == nullptr && name.rfind("stage", 0) == 0 && name.size() > 7 && name[6] == '.') {
    stage = name[5] - '0';
    if (stage >= 0 && stage < options.max_stages) gene = find(kStageGenes, name.substr(name.rfind('.') + 1));
  }
  Labels result = gene == nullptr ? Labels{} : gene->labels(options, stage);
  if (static_cast<int>(result.size()) != decision.choices) {
    throw Error("columnar space: decision '" + name + "' with " + std::to_string(decision.choices) +
                " choices is not of this space");
  }
  return result;
}

}  // namespace gensynth::columnar
