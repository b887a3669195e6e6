#pragma once

#include <string>

namespace gensynth {

/// A folder of its own under the system's temporary folder, removed with all that is in it.
class TemporaryFolder {
 public:
  /// `purpose` becomes part of its name. Throws Error when it cannot be made.
  explicit TemporaryFolder(const std::string& purpose);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace gensynth
