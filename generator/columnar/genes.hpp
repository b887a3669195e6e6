#pragma once

#include <array>
#include <string>
#include <vector>

#include "generator/columnar/options.hpp"
#include "generator/columnar/plan.hpp"

namespace gensynth::columnar {

// Choices that are not options of a job, ordered so that neighbouring choices are similar.
inline constexpr std::array kTaps{2, 3, 5};
inline constexpr std::array kRatios{1, 2, 4, 8, 16};
inline constexpr std::array kReductions{2, 4, 8};
inline constexpr std::array kEmbedDepths{1, 2};
inline constexpr std::array kEmbedWidths{1, 2};
inline constexpr std::array kEmbedGroups{0, 4, 1};  ///< 0 = depthwise
inline constexpr std::array kGates{ActivationKind::sigmoid, ActivationKind::hard_sigmoid};
inline constexpr std::array kResizes{ResizeMode::nearest, ResizeMode::bilinear};

/// One decision of the space: its name below the place ("width" in "stage2.column1.width"), whether its choices are
/// ordered, and the label of each choice. The only place where a decision has a name or labels.
struct Gene {
  const char* name;
  bool ordinal;
  std::vector<std::string> (*labels)(const Options& options, int stage);
};

namespace gene {
// Genes of the whole network.
extern const Gene kPx, kActivation, kStemReduction, kStemWidth, kStemKind, kStemTaps, kDownsampling, kStages,
    kHeadWidth;
// Genes of a stage.
extern const Gene kColumns, kInteraction, kEvery, kReach, kTied;
// Genes of a column; `kDown` is its way to the next stage.
extern const Gene kWidth, kDepth, kBlock, kKernel, kFusedKernel, kGroups, kExpansion, kSqueeze, kResidual, kDown;
// Genes of the condenser of a column.
extern const Gene kRatio, kCondense, kResize, kReduction, kEmbedDepth, kEmbedWidth, kEmbedGroup, kGate;
}  // namespace gene

}  // namespace gensynth::columnar
