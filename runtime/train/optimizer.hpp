#pragma once

#include <cstdint>
#include <vector>

#include "runtime/torch/network.hpp"
#include "runtime/train/trainer.hpp"

namespace gensynth::train {

/// SGD with Nesterov momentum (Sutskever et al. 2013, weight decay added to the gradient) or AdamW (Loshchilov and
/// Hutter, arXiv:1711.05101, weight decay separate from the gradient). Norms and biases do not decay.
class Optimizer {
 public:
  Optimizer(const libtorch::Network& network, const TrainSpec& spec);
  ~Optimizer();

  void clear_gradients();
  void step(double learning_rate);

  /// The state that a resumed training needs besides the parameters and the step count, in a fixed order.
  const std::vector<at::Tensor>& state() const { return state_; }
  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 private:
  void sgd(std::size_t i, double learning_rate);
  void adamw(std::size_t i, double learning_rate);

  std::vector<at::Tensor> parameters_;
  std::vector<bool> decays_;
  std::vector<at::Tensor> state_;  // momenta; for AdamW first all means, then all squares
  bool adamw_;
  double momentum_;
  double weight_decay_;
  std::int64_t steps_ = 0;
};

/// The rate at `step` (from 0) of `steps`: linear warm-up, then half a cosine down to 0 (SGDR, arXiv:1608.03983).
double scheduled_rate(double peak, double warmup, std::int64_t step, std::int64_t steps);

}  // namespace gensynth::train
