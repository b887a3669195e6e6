#pragma once

#include <string>

#include "runtime/data/dataset.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/train/trainer.hpp"

namespace gensynth::train {

/// The network at the extent of the data. Throws Error when its outputs are not one score for each class.
Architecture fitted(const Architecture& architecture, const data::Dataset& data);

/// One score for each class, for any layout of the output: (N, classes).
at::Tensor scores(libtorch::Network& network, const at::Tensor& images);

/// Evaluates in inference mode, without augmentation, and returns the network to training mode. Throws Error for an
/// empty split.
Evaluation evaluate_network(libtorch::Network& network, const data::Dataset& data, data::Dataset::Split split);

}  // namespace gensynth::train
