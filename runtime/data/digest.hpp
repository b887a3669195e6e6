#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace gensynth::data {

/// 128 bits that tell contents apart (not against an adversary). Fast: checks of whole cache files use it.
struct Digest {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  auto operator<=>(const Digest&) const = default;
};
Digest digest(const void* bytes, std::size_t size);
std::string to_string(const Digest& digest);  ///< 32 hexadecimal digits

}  // namespace gensynth::data
