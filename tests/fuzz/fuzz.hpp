#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "architecture/base/error.hpp"

namespace gensynth::fuzz {

/// A property of whatever was accepted; the fuzzer keeps the input for which it does not hold.
inline void demand(bool holds) {
  if (!holds) std::abort();
}

/// Lets `act` read the bytes as text. It may refuse them by an Error and in no other way.
template <class Act>
int accept_or_refuse(const std::uint8_t* data, std::size_t size, Act&& act) {
  try {
    act(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const Error&) {
  }
  return 0;
}

/// A file in memory, for what reads files alone. One for the whole run: opening thousands would be slow.
class MemoryFile {
 public:
  MemoryFile() : number_(::memfd_create("fuzz", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(number_)) {
    demand(number_ >= 0);
  }
  ~MemoryFile() { ::close(number_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& holding(const std::string& content) {
    demand(::ftruncate(number_, 0) == 0);
    demand(::pwrite(number_, content.data(), content.size(), 0) == static_cast<ssize_t>(content.size()));
    return path_;
  }

 private:
  int number_;
  std::string path_;
};

}  // namespace gensynth::fuzz
