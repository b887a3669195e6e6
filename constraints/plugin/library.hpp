#pragma once

#include <string>

namespace gensynth::plugin {

/// A shared library that is open from construction to destruction.
class Library {
 public:
  /// Throws Error with the file and the system's reason.
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
