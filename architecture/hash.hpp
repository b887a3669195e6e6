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

/// Isomorphic graphs have equal hashes; vertex order, ids, name and placements do not matter, the input shape does.
/// Ports of Add and Multiply commute, those of Concat do not; one vertex used twice differs from two equal vertices.
/// The hash is computed by colour refinement (Weisfeiler-Leman), so that different networks may share one if they look
/// the same around every vertex: `isomorphic` confirms equality.
Hash128 canonical_hash(const Architecture& architecture);

/// Whether two graphs are the same network in the sense above, decided by matching their vertices and edges.
bool isomorphic(const Architecture& a, const Architecture& b);

}  // namespace gensynth
