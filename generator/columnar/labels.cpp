#include "architecture/base/error.hpp"
#include "generator/columnar/decide.hpp"
#include "generator/columnar/genes.hpp"

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

template <typename T, typename Names>
Labels chosen(const std::vector<T>& values, const Names& all) {
  Labels result;
  for (const T value : values) result.emplace_back(all[static_cast<std::size_t>(value)]);
  return result;
}

Labels of_network(const Options& options, const std::string& gene) {
  if (gene == "px") return numbers(options.px);
  if (gene == "activation") {
    Labels result;
    for (const ActivationKind kind : options.activations) result.emplace_back(to_string(kind));
    return result;
  }
  if (gene == "stem.reduction") return numbers(options.stem_reductions);
  if (gene == "stem.width") return numbers(options.stem_widths);
  if (gene == "stem.kind") return names(kStemNames);
  if (gene == "stem.taps") return numbers(kTaps);
  if (gene == "downsampling") {
    Labels result = chosen(options.downsampling, kDownsamplingNames);
    result.emplace_back("by_column");
    return result;
  }
  if (gene == "stages") return range(options.min_stages, options.max_stages);
  if (gene == "head.width") return numbers(options.head_widths);
  return {};
}

Labels of_stage(const Options& options, int stage, const std::string& gene) {
  if (gene == "columns") return range(1, options.max_columns);
  if (gene == "interaction") return names(kInteractionNames);
  if (gene == "every") return names(kEveryNames);
  if (gene == "reach") return names(kReachNames);
  if (gene == "tied") return {"free", "tied"};
  if (gene == "width") return numbers(options.widths[static_cast<std::size_t>(stage)]);
  if (gene == "depth") return numbers(options.depths);
  if (gene == "block") return chosen(options.blocks, kBlockNames);
  if (gene == "kernel") return numbers(options.kernels);
  if (gene == "groups") return numbers(options.groups);
  if (gene == "expansion") return numbers(options.expansions);
  if (gene == "squeeze" || gene == "residual") return {"no", "yes"};
  if (gene == "ratio") return numbers(kRatios);
  if (gene == "condense") return names(kCondenseNames);
  if (gene == "resize") return names(kResizeNames);
  if (gene == "reduction") return numbers(kReductions);
  if (gene == "embed_depth") return numbers(kEmbedDepths);
  if (gene == "embed_width") return numbers(kEmbedWidths);
  if (gene == "embed_groups") return {"depthwise", "4", "1"};
  if (gene == "gate") return names(kGateNames);
  if (gene == "down") return chosen(options.downsampling, kDownsamplingNames);
  return {};
}

}  // namespace

std::vector<std::string> labels(const Options& options, const space::Decision& decision) {
  const std::string& name = decision.name;
  Labels result = of_network(options, name);
  if (name.rfind("stage", 0) == 0 && name.size() > 7 && name[6] == '.') {
    const int stage = name[5] - '0';
    if (stage >= 0 && stage < options.max_stages) result = of_stage(options, stage, name.substr(name.rfind('.') + 1));
  }
  if (static_cast<int>(result.size()) != decision.choices) {
    throw Error("columnar space: decision '" + name + "' with " + std::to_string(decision.choices) +
                " choices is not of this space");
  }
  return result;
}

}  // namespace gensynth::columnar
