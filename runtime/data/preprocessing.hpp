#pragma once

#include "architecture/model_card.hpp"
#include "runtime/data/dataset.hpp"

namespace gensynth::data {

/// The preprocessing of images by a training on this data. Mean and deviation are those of the training split.
Preprocessing preprocessing_of(const Dataset& data);

/// The card of weights that were trained on this data, without figures.
ModelCard card_of(const Dataset& data);

}  // namespace gensynth::data
