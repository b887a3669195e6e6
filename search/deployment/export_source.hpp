#pragma once

#include <optional>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/model_card.hpp"
#include "architecture/weights.hpp"
#include "runtime/lowering/file_options.hpp"
#include "search/companion/messages.hpp"

namespace gensynth::deployment {

/// The network, weights and options of an export request, read and completed.
struct ExportSource {
  Architecture network;  ///< at the resolution of the file
  Weights weights;
  lowering::FileOptions options;  ///< every default filled in, metadata with the network's card
  std::optional<ModelCard> card = std::nullopt;
};

/// Reads the network and its weights, or makes initial values. Throws Error where a normalisation is needed and neither
/// the request nor the network's card has it.
ExportSource export_source(const companion::ExportRequest& request);
/// The same; throws Error for a network without weights.
ExportSource trained_source(const companion::ExportRequest& request);

/// Random images of one batch after the other.
struct Stimuli {
  std::vector<std::vector<float>> seen;   ///< what the network sees, (C, H, W) each, one image after the other
  std::vector<std::vector<float>> given;  ///< what the file is given, a batch each, (N, C, H, W); bytes as numbers
};
Stimuli draw_images(const Shape& image, const lowering::FileOptions& options, int inputs, int batch,
                    std::uint64_t seed);

/// exp(x) / sum of exp(x).
std::vector<float> softmax(const std::vector<float>& scores);

/// The file's input and output in words, for the user.
void describe(const ExportSource& source, bool channels_last, companion::ExportResult& result);

}  // namespace gensynth::deployment
