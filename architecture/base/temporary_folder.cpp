#include "architecture/base/temporary_folder.hpp"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "architecture/base/error.hpp"

namespace gensynth {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder(const std::string& purpose)
    : path_((fs::temp_directory_path() / ("gensynth-" + purpose + "-XXXXXX")).string()) {
  if (::mkdtemp(path_.data()) == nullptr) throw Error(path_ + ": cannot be made: " + std::strerror(errno));
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace gensynth
