#pragma once

#include <string>

namespace gensynth::plugin {

/// A shared library, open from construction to destruction.
class Library {
 public:
  /// Throws Error that names the file and says what the system has against it.
  explicit Library(const std::string& path);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  /// The address of an exported function, or null.
  void* find(const std::string& symbol) const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  void* handle_;
};

}  // namespace gensynth::plugin
