#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace gensynth::simulation {

/// Gradient-boosted regression trees (Chen and Guestrin 2016, arXiv:1603.02754), fitted by XGBoost.
struct BoostedTreesOptions {
  int rounds = 400;
  int depth = 5;
  double step = 0.04;
  double row_share = 0.7;     ///< of the rows, drawn for each tree
  double column_share = 0.4;  ///< of the columns, drawn for each tree
  double leaf_rows = 4;       ///< least number in a leaf
  std::uint32_t seed = 1;
};

class BoostedTrees {
 public:
  /// Rows of equal length, a target for each, and a weight for each or none. Deterministic: one thread. Throws Error
  /// when XGBoost refuses.
  BoostedTrees(const std::vector<std::vector<float>>& rows, const std::vector<float>& targets,
               const BoostedTreesOptions& options = {}, const std::vector<float>& weights = {});
  /// Thread-safe.
  double predict(const std::vector<float>& row) const;

 private:
  std::shared_ptr<void> booster_;
};

}  // namespace gensynth::simulation
