#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "architecture/weights.hpp"

namespace gensynth::train {

/// The state of an interrupted training: a description and named arrays. On disk: a magic word, the description's
/// length, the description (JSON, with the arrays' names and shapes), the arrays, and a 64-bit checksum of it all.
struct Checkpoint {
  nlohmann::json description;
  Weights arrays;
};

/// Replaces the file in one move: a reader, and a crash, never see half of it.
void write_checkpoint(const Checkpoint& checkpoint, const std::string& path);
/// Throws Error that names the file and what is wrong with it.
Checkpoint read_checkpoint(const std::string& path);

}  // namespace gensynth::train
