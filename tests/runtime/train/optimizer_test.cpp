// Tests of each update against the published rule, computed with scalars.
#include "runtime/train/optimizer.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace gensynth::train {
namespace {

Architecture linear() {
  ArchitectureBuilder b("linear", {Layout::map, 3, 1, 1});
  return b.build(b.add(Linear{1}, b.input()));
}

constexpr int kSteps = 5;
constexpr double kRate = 0.1;

double gradient_at(int step) { return std::sin(step + 1.0); }

/// Sets gradients by hand, steps, and returns {first weight, bias} after every step.
std::vector<std::pair<double, double>> run(const TrainSpec& spec) {
  libtorch::Network network(linear(), 3);
  Optimizer optimizer(network, spec);
  std::vector<at::Tensor> parameters = network.parameters();
  parameters[1].detach().fill_(0.5);
  std::vector<std::pair<double, double>> out;
  const auto record = [&] {
    out.emplace_back(parameters[0].detach().flatten()[0].item<double>(), parameters[1].detach()[0].item<double>());
  };
  record();
  for (int step = 0; step < kSteps; ++step) {
    for (at::Tensor& parameter : parameters) {
      parameter.mutable_grad() = at::full_like(parameter.detach(), gradient_at(step));
    }
    optimizer.step(kRate);
    record();
  }
  return out;
}

TEST(OptimizerTest, NesterovMomentum) {
  TrainSpec spec;
  spec.momentum = 0.9;
  spec.weight_decay = 0.01;
  const auto found = run(spec);
  double weight = found[0].first, bias = found[0].second, weight_velocity = 0, bias_velocity = 0;
  for (int step = 0; step < kSteps; ++step) {
    const double g = gradient_at(step), decayed = g + 0.01 * weight;  // no decay of the bias
    weight_velocity = 0.9 * weight_velocity + decayed;
    bias_velocity = 0.9 * bias_velocity + g;
    weight -= kRate * (decayed + 0.9 * weight_velocity);
    bias -= kRate * (g + 0.9 * bias_velocity);
    EXPECT_NEAR(found[static_cast<std::size_t>(step) + 1].first, weight, 1e-5) << step;
    EXPECT_NEAR(found[static_cast<std::size_t>(step) + 1].second, bias, 1e-5) << step;
  }
}

TEST(OptimizerTest, AdamW) {
  TrainSpec spec;
  spec.optimizer = "adamw";
  spec.weight_decay = 0.05;
  const auto found = run(spec);
  double weight = found[0].first, bias = found[0].second, mean = 0, square = 0;
  for (int step = 0; step < kSteps; ++step) {
    const double g = gradient_at(step);
    mean = 0.9 * mean + 0.1 * g;
    square = 0.999 * square + 0.001 * g * g;
    const double move =
        mean / (1 - std::pow(0.9, step + 1)) / (std::sqrt(square / (1 - std::pow(0.999, step + 1))) + 1e-8);
    weight = weight * (1 - kRate * 0.05) - kRate * move;
    bias -= kRate * move;
    EXPECT_NEAR(found[static_cast<std::size_t>(step) + 1].first, weight, 1e-5) << step;
    EXPECT_NEAR(found[static_cast<std::size_t>(step) + 1].second, bias, 1e-5) << step;
  }
}

TEST(OptimizerTest, ParametersWithoutGradientStay) {
  libtorch::Network network(linear(), 3);
  Optimizer optimizer(network, TrainSpec{});
  const Weights before = network.weights();
  optimizer.step(kRate);
  EXPECT_EQ(network.weights().begin()->second.values, before.begin()->second.values);
  EXPECT_EQ(optimizer.steps(), 1);
}

TEST(OptimizerTest, ScheduleWarmsUpAndFallsToZero) {
  EXPECT_NEAR(scheduled_rate(1, 0.1, 0, 100), 0.1, 1e-12);
  EXPECT_NEAR(scheduled_rate(1, 0.1, 4, 100), 0.5, 1e-12);
  EXPECT_NEAR(scheduled_rate(1, 0.1, 9, 100), 1, 1e-12);
  EXPECT_NEAR(scheduled_rate(1, 0.1, 10, 100), 1, 1e-12);
  EXPECT_NEAR(scheduled_rate(1, 0.1, 55, 100), 0.5, 1e-12);
  EXPECT_NEAR(scheduled_rate(1, 0.1, 100, 100), 0, 1e-12);
  EXPECT_EQ(scheduled_rate(2, 0, 0, 100), 2);
  EXPECT_NEAR(scheduled_rate(1, 1, 99, 100), 1, 1e-12);
  for (int step = 11; step < 100; ++step) {
    EXPECT_LT(scheduled_rate(1, 0.1, step, 100), scheduled_rate(1, 0.1, step - 1, 100));
  }
}

}  // namespace
}  // namespace gensynth::train
