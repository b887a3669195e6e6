#pragma once

#include <vector>

#include "runtime/data/dataset.hpp"
#include "runtime/train/trainer.hpp"

namespace gensynth::train {

/// The factor of an image's loss, by class: the images of the training split / (its classes * images of the class), so
/// that the mean over the images is 1 and every class has the same sum; 0 for a class without images. Empty where the
/// specification asks for no weights. The loss of a batch is the weighted mean over its images.
std::vector<float> class_weights(const data::Dataset& data, const TrainSpec& spec);

}  // namespace gensynth::train
