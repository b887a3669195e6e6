#pragma once

#include <string>
#include <vector>

#include "architecture/operators.hpp"
#include "architecture/weights.hpp"

namespace gensynth {

// The arithmetic of fold(), in double precision; only fold() uses it.

/// Removes all arrays of a vertex.
void erase_arrays(Weights& weights, const std::string& id);

/// Multiplies the batch norm `norm` into the convolution or linear layer `id`, which gets a bias.
void fold_batch_norm(Weights& weights, const std::string& id, const std::string& norm, double eps);

/// Sums parallel branches of one input into a convolution like `op` (MobileOne, arXiv:2206.04040, section 3.2).
class BranchSum {
 public:
  BranchSum(const Convolution& op, int in_channels);
  void add_identity();
  void add_batch_norm(const Weights& weights, const std::string& id, double eps);
  /// The kernel of `branch` must be centred and not larger than that of the sum.
  void add_convolution(const Weights& weights, const std::string& id, const Convolution& branch);
  /// Writes `id`.weight, and `id`.bias if any branch had one.
  void store(Weights& weights, const std::string& id) const;

 private:
  double& centre(int channel);

  Convolution op_;
  int group_width_;  ///< input channels of a group
  std::vector<double> weight_;
  std::vector<double> bias_;
  bool has_bias_ = false;
};

}  // namespace gensynth
