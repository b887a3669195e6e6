#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace gensynth::data {

/// A 128-bit hash of contents. It is fast enough to check whole cache files, and not secure against an adversary.
struct Digest {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  auto operator<=>(const Digest&) const = default;
};
Digest digest(const void* bytes, std::size_t size);
std::string to_string(const Digest& digest);  ///< 32 hexadecimal digits

}  // namespace gensynth::data
