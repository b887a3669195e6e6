#pragma once

#include <string>

#include "search/companion/messages.hpp"

namespace gensynth::report::networks {

/// One line of progress: images, losses and accuracies.
std::string rung_text(const train::RungResult& rung);
/// The final accuracy, and the files in `out`. The JSON form is companion::to_json.
std::string training_text(const companion::TrainingReport& report, const std::string& out);

/// What `gensynth export --format onnx` reports: whether the file was verified, and its name.
std::string onnx_text(const companion::OnnxResult& result, const std::string& out);

}  // namespace gensynth::report::networks
