#pragma once

#include <string>

namespace gensynth {

/// A new folder in the system's temporary folder. The destructor removes it with its content.
class TemporaryFolder {
 public:
  /// `purpose` becomes part of the name. Throws Error when the folder cannot be made.
  explicit TemporaryFolder(const std::string& purpose);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace gensynth
