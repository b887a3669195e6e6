#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/data/dataset.hpp"
#include "runtime/quantisation/normalised_input.hpp"
#include "runtime/quantisation/quantised_network.hpp"
#include "search/deployment/classifier.hpp"
#include "search/deployment/export_source.hpp"

namespace gensynth::deployment {

/// A network in 8-bit integers.
struct Calibrated {
  quantisation::QuantisedNetwork network;
  quantisation::Prepared exact;  ///< the same network in float32, with the same factors between layers
  companion::QuantisationChoice choice;
  lowering::Normalisation normalisation;         ///< of bytes to what `network` takes
  std::vector<std::vector<std::uint8_t>> bytes;  ///< images that it was calibrated with, px * px * 3 each
};

/// Quantises the network of `source`, whose options say what an image is, with training images of a data set. Of the
/// ways that the request leaves open, the one with the least error of the outputs on some of these images is taken.
/// Throws Error where the network does not take square RGB images, where it is not known how they are normalised, where
/// images cannot be read or none is there.
Calibrated calibrated(const ExportSource& source, const companion::Quantisation& request, const std::string& name);
/// The same with the images of an open data set, whose px is that of the network.
Calibrated calibrated(const ExportSource& source, const companion::Quantisation& request, const data::Dataset& data);

/// Calibration images as a file takes them, in `inputs` batches, and as the quantised network does.
Stimuli calibration_stimuli(const Calibrated& calibrated, const lowering::FileOptions& options, int inputs);
/// The outputs for the images of each batch, in the order of the stimuli.
struct CalibratedOutputs {
  std::vector<std::vector<float>> exact;      ///< of the network in float32
  std::vector<std::vector<float>> simulated;  ///< of the quantised one, in LibTorch
};
CalibratedOutputs outputs_of(const Calibrated& calibrated, const Stimuli& stimuli,
                             const lowering::FileOptions& options);

}  // namespace gensynth::deployment
