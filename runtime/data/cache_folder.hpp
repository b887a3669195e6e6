#pragma once

#include <cstdlib>
#include <string>

namespace gensynth::data {

/// The folder for decoded images: the environment variable GENSYNTH_CACHE, which lets several runs share it, else
/// `own`.
inline std::string cache_folder(const std::string& own) {
  const char* shared = std::getenv("GENSYNTH_CACHE");
  return shared != nullptr && *shared != '\0' ? shared : own;
}

}  // namespace gensynth::data
