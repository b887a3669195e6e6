#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "architecture/weights.hpp"

namespace gensynth::train {

/// The state of an interrupted training: a description and named arrays. On disk: a magic word, the description's
/// length, the description (JSON, with the arrays' names and shapes), the arrays, and a 64-bit checksum of everything.
struct Checkpoint {
  nlohmann::json description;
  Weights arrays;
};

/// Replaces the file atomically: readers never see half of it, even after a crash.
void write_checkpoint(const Checkpoint& checkpoint, const std::string& path);
/// Throws Error naming the file and its fault.
Checkpoint read_checkpoint(const std::string& path);

}  // namespace gensynth::train
