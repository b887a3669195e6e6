#include "search/command/shared/version.hpp"

namespace gensynth::build {
extern const char* const commit;  // cmake/commit.cmake
}  // namespace gensynth::build

namespace gensynth::command::shared {

std::string version_line() {
  std::string text = std::string("gensynth ") + GENSYNTH_VERSION + " (";
  if (*build::commit != '\0') text += std::string("commit ") + build::commit + ", ";
  return text + "LibTorch " + GENSYNTH_TORCH_VERSION + ", " + GENSYNTH_BUILD_TYPE + ")";
}

}  // namespace gensynth::command::shared
