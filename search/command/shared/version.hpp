#pragma once

#include <string>

namespace gensynth::command::shared {

/// "gensynth 0.1.0", the commit it was built from if that is known, LibTorch's version and the build type, in one line.
std::string version_line();

}  // namespace gensynth::command::shared
