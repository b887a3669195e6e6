#include "runtime/train/optimizer.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <numbers>

namespace gensynth::train {

Optimizer::Optimizer(const libtorch::Network& network, const TrainSpec& spec)
    : parameters_(network.parameters()),
      decays_(network.decays()),
      adamw_(spec.optimizer == "adamw"),
      momentum_(spec.momentum),
      weight_decay_(spec.weight_decay) {
  for (int copy = 0; copy < (adamw_ ? 2 : 1); ++copy) {
    for (const at::Tensor& parameter : parameters_) state_.push_back(at::zeros_like(parameter.detach()));
  }
}

Optimizer::~Optimizer() = default;

void Optimizer::clear_gradients() {
  for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

void Optimizer::step(double learning_rate) {
  const c10::NoGradGuard no_grad;
  ++steps_;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].grad().defined()) continue;  // every path to the output passes a Zero
    adamw_ ? adamw(i, learning_rate) : sgd(i, learning_rate);
  }
}

void Optimizer::sgd(std::size_t i, double learning_rate) {
  at::Tensor& parameter = parameters_[i];
  at::Tensor gradient = parameter.grad();
  at::Tensor& velocity = state_[i];
  if (decays_[i] && weight_decay_ > 0) gradient.add_(parameter, weight_decay_);
  velocity.mul_(momentum_).add_(gradient);
  parameter.add_(gradient, -learning_rate).add_(velocity, -learning_rate * momentum_);
}

void Optimizer::adamw(std::size_t i, double learning_rate) {
  constexpr double kMeanDecay = 0.9;
  constexpr double kSquareDecay = 0.999;
  constexpr double kEps = 1e-8;
  at::Tensor& parameter = parameters_[i];
  const at::Tensor gradient = parameter.grad();
  at::Tensor& mean = state_[i];
  at::Tensor& square = state_[parameters_.size() + i];
  if (decays_[i] && weight_decay_ > 0) parameter.mul_(1 - learning_rate * weight_decay_);
  mean.mul_(kMeanDecay).add_(gradient, 1 - kMeanDecay);
  square.mul_(kSquareDecay).addcmul_(gradient, gradient, 1 - kSquareDecay);
  const auto steps = static_cast<double>(steps_);
  const double mean_bias = 1 - std::pow(kMeanDecay, steps);
  const double square_bias = 1 - std::pow(kSquareDecay, steps);
  const at::Tensor scale = at::sqrt(square).div_(std::sqrt(square_bias)).add_(kEps);
  parameter.addcdiv_(mean, scale, -learning_rate / mean_bias);
}

double scheduled_rate(double peak, double warmup, std::int64_t step, std::int64_t steps) {
  const double warm = warmup * static_cast<double>(steps);
  const double place = static_cast<double>(step);
  if (place < warm) return peak * std::min(1.0, (place + 1) / warm);
  const double rest = static_cast<double>(steps) - warm;
  return peak * 0.5 * (1 + std::cos(std::numbers::pi * (place - warm) / rest));
}

}  // namespace gensynth::train
