#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace gensynth::command::trained {

/// The "data" of a job that a --data stands for: "drawn", JSON text, a JSON file (a job, or its "data"), a tar archive
/// or a folder of images. Throws Error for bad JSON.
nlohmann::json data_of(const std::string& text);

/// Whether --data names images themselves, a folder or an archive, and not how to split them.
bool names_images(const std::string& text);

}  // namespace gensynth::command::trained
