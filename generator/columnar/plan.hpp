#pragma once

#include <array>

#include "architecture/operators.hpp"

namespace gensynth::columnar {

// A genotype of the columnar space as plain values: `decide` makes it from the answers, `assemble` builds it. New
// choices are appended to the enumerations, so that the genotypes of stored runs keep their meaning.

inline constexpr int kMaxStages = 5;
inline constexpr int kMaxColumns = 4;

/// The order of each enumeration is that of its names below, which job files and labels use.
enum class BlockKind {
  dc_ac,                       ///< double-condensing attention condenser (AttendNeXt, section 2.1)
  inverted_residual,           ///< MobileNetV2, arXiv:1801.04381, with squeeze and excitation by gene
  depthwise_separable,         ///< MobileNet, arXiv:1704.04861, with grouped pointwise and shuffle by gene
  residual,                    ///< two kxk convolutions and the identity, arXiv:1512.03385
  attention_condenser,         ///< TinySpeech, arXiv:2008.04245: only the attention branch is condensed
  visual_attention_condenser,  ///< AttendNets, arXiv:2009.14385: the same between a down- and an up-mixing
  dc_ac_untied,                ///< a DC-AC in which each branch has a plan of its own
  fused_grouped,               ///< CPUBone, arXiv:2603.26425: a grouped kxk that expands and a 1x1 that projects
};
inline constexpr std::array kBlockNames{"dc_ac",        "inverted_residual",   "depthwise_separable",
                                        "residual",     "attention_condenser", "visual_attention_condenser",
                                        "dc_ac_untied", "fused_grouped"};

enum class Downsampling { blur2, blur3, blur5, average_pool, max_pool, strided_convolution, strided_pointwise };
inline constexpr std::array kDownsamplingNames{
    "blur2", "blur3", "blur5", "average_pool", "max_pool", "strided_convolution", "strided_pointwise"};

enum class Interaction { none, sum, concat_mix, shuffle };
inline constexpr std::array kInteractionNames{"none", "sum", "concat_mix", "shuffle"};

enum class Every { block, second_block, stage_end };
inline constexpr std::array kEveryNames{"block", "second_block", "stage_end"};

enum class Reach { neighbour, all };
inline constexpr std::array kReachNames{"neighbour", "all"};

enum class Condense { max_pool, blur_pool, strided_convolution, average_pool };
inline constexpr std::array kCondenseNames{"max_pool", "blur_pool", "strided_convolution", "average_pool"};

enum class StemKind { convolution_blur, blur_convolution, convolution_max_pool, strided_convolution };
inline constexpr std::array kStemNames{"convolution_blur", "blur_convolution", "convolution_max_pool",
                                       "strided_convolution"};

/// Genes of the attention condensers, or of one branch of them.
struct CondenserPlan {
  int ratio = 1;  ///< spatial; limited so that the condensed map has at least two places on each axis
  Condense condense = Condense::max_pool;
  ResizeMode resize = ResizeMode::nearest;
  int reduction = 4;  ///< of channels
  int embed_depth = 1;
  int embed_width = 1;   ///< times the condensed channels
  int embed_groups = 0;  ///< 0 = depthwise
  ActivationKind gate = ActivationKind::sigmoid;
};

struct ColumnPlan {
  int width = 16;
  int depth = 1;
  BlockKind block = BlockKind::dc_ac;
  int kernel = 3;
  int groups = 1;
  int expansion = 4;
  bool squeeze = false;
  bool residual = true;
  CondenserPlan condenser;  ///< of both branches; of the attention branch A where B has its own
  CondenserPlan values;     ///< of branch B of dc_ac_untied; its gate is not used
};

struct StagePlan {
  int columns = 1;
  std::array<ColumnPlan, kMaxColumns> column;
  Interaction interaction = Interaction::none;
  Every every = Every::stage_end;
  Reach reach = Reach::all;
  std::array<Downsampling, kMaxColumns> down{};  ///< of each column on the way to the next stage
};

struct StemPlan {
  int reduction = 2;
  StemKind kind = StemKind::convolution_blur;
  int taps = 3;
  int width = 16;
};

struct NetworkPlan {
  int px = 224;
  ActivationKind activation = ActivationKind::relu;
  StemPlan stem;
  int stages = 3;
  std::array<StagePlan, kMaxStages> stage;
  int head_width = 640;
};

}  // namespace gensynth::columnar
