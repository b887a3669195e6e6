#pragma once

#include <string>

namespace gensynth::simulation {

/// The whole file, unpacked when it is compressed (gzip, xz, zstd, ...). Throws Error naming the file.
std::string read_unpacked(const std::string& path);

}  // namespace gensynth::simulation
