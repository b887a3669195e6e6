#pragma once

#include <cstdint>
#include <string>

#include "architecture/architecture.hpp"

namespace gensynth {

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Hash128&) const = default;
};
std::string to_string(const Hash128& hash);         ///< 32 hexadecimal digits
Hash128 hash_from_string(const std::string& text);  ///< throws Error

/// Equal for isomorphic graphs, whatever their vertex order, ids, name and placements. Ports of Add and Multiply
/// commute, those of Concat do not; one vertex used twice differs from two equal vertices. Input shape counts.
/// Colour refinement (Weisfeiler-Leman): different networks share a hash only if they are locally alike everywhere, so
/// equality is confirmed by `isomorphic`.
Hash128 canonical_hash(const Architecture& architecture);

/// Whether the graphs are the same network in that sense: confirmed by a structural match, never by hash alone.
bool isomorphic(const Architecture& a, const Architecture& b);

}  // namespace gensynth
