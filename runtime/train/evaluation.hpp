#pragma once

#include <string>

#include "runtime/data/dataset.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/train/trainer.hpp"

namespace gensynth::train {

/// The network for the data's extent. Throws Error when its outputs are not one score per class.
Architecture fitted(const Architecture& architecture, const data::Dataset& data);

/// One score per class whatever the output's layout: (N, classes).
at::Tensor scores(libtorch::Network& network, const at::Tensor& images);

/// In inference mode, on images as they are; leaves the network in training mode. Throws Error on an empty split.
Evaluation evaluate_network(libtorch::Network& network, const data::Dataset& data, data::Dataset::Split split);

}  // namespace gensynth::train
