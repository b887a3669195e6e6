#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "architecture/base/error.hpp"

namespace gensynth::fuzz {

/// Checks a property of an accepted input; the fuzzer keeps an input that violates it.
inline void demand(bool holds) {
  if (!holds) std::abort();
}

/// Lets `act` read the bytes as text. It may refuse them only by an Error.
template <class Act>
int accept_or_refuse(const std::uint8_t* data, std::size_t size, Act&& act) {
  try {
    act(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const Error&) {
  }
  return 0;
}

/// A file in memory, for readers that accept only files. There is one for the whole run, because opening thousands
/// would be slow.
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
