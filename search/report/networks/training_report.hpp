#pragma once

#include <string>

#include "search/companion/messages.hpp"

namespace gensynth::report::networks {

/// One line of progress: images, losses and accuracies.
std::string rung_text(const train::RungResult& rung);
/// The final accuracy, and the files in `out`. The JSON form is companion::to_json.
std::string training_text(const companion::TrainingReport& report, const std::string& out);

/// The report of `gensynth export` for a deployed format: whether the file was verified, and its name.
std::string export_text(const companion::ExportResult& result, const std::string& out);

}  // namespace gensynth::report::networks
