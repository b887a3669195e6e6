#pragma once

#include <optional>
#include <string>

#include "architecture/weights.hpp"
#include "runtime/data/dataset.hpp"
#include "search/companion/messages.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::worker {

/// The weights that a training begins with.
struct TrainStart {
  std::optional<Weights> weights;  ///< of `network`; nothing: initial values
  std::string text;                ///< in words, for the user
};

/// The file of weights that the training begins with; "": initial values. Throws Error when the requested weights do
/// not exist or the file is no safetensors file, so that this is known before data is read.
std::string starting_file(const companion::TrainRequest& request, const run::NetworkRef& net);

/// The weights that the request names, for `network`: `net` at the resolution and with the classes of the data. The
/// last layer has initial values where the weights are of another number of classes, or of classes with other names.
/// Throws Error when the requested weights do not exist or belong to another network.
TrainStart training_start(const companion::TrainRequest& request, const run::NetworkRef& net,
                          const Architecture& network, const data::Dataset& data);

/// A finished training in a folder, to be extended.
struct FinishedTraining {
  companion::TrainingReport report;
  Weights weights;
};

/// The training in the folder `out`, where one has ended. Throws Error when its files are damaged.
std::optional<FinishedTraining> finished_training(const std::string& out);

/// Throws Error when the finished training cannot be extended by the request: another network, other data, or no more
/// images than before.
void check_extension(const companion::TrainRequest& request, const FinishedTraining& before,
                     const Architecture& network, const data::Dataset& data);

}  // namespace gensynth::worker
