#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "generator/columnar/plan.hpp"

namespace gensynth::columnar {

/// The options of the columnar space in a job (docs/spaces.md). A list holds the choices of a decision; with a single
/// entry the decision is not asked.
struct Options {
  std::vector<int> px{224};
  int channels = 3;
  int classes = 1000;
  int min_stages = 3;
  int max_stages = 5;
  int max_columns = 4;
  std::vector<BlockKind> blocks;
  std::vector<std::vector<int>> widths;  ///< of one column, by stage
  std::vector<int> depths{1, 2, 3};      ///< blocks of one column
  std::vector<int> kernels{3, 5};
  std::vector<int> fused_kernels{2, 3};  ///< of fused_grouped, where small and even kernels pay
  std::vector<int> expansions{2, 4, 6};
  std::vector<int> groups{1, 2, 4, 8};
  std::vector<int> stem_reductions;  ///< by default 1 and 2 up to 64 px, 2 and 4 above
  std::vector<int> stem_widths{16, 24, 32};
  std::vector<int> head_widths{384, 640, 1024};
  std::vector<ActivationKind> activations{ActivationKind::relu, ActivationKind::hard_swish};
  std::vector<Downsampling> downsampling;
  double dropout = 0.2;

  Options();
};

/// Reads {"kind": "columnar", ...}. Throws Error naming source and pointer; unknown keys are errors.
Options options_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer);
nlohmann::ordered_json to_json(const Options& options);  ///< with every default

}  // namespace gensynth::columnar
