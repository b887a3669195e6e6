#pragma once

#include <cstdint>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth {

/// A well-spread 64-bit mix of two words: both halves of their 128-bit product.
std::uint64_t mix(std::uint64_t a, std::uint64_t b);

/// Colours of all vertices by colour refinement (Weisfeiler-Leman) along the edges, forwards and backwards:
/// vertices that an isomorphism exchanges have equal colours. Shared by canonical_hash and isomorphic.
std::vector<std::uint64_t> refined_colours(const Architecture& architecture);

/// Whether the order of the operator's inputs does not matter.
bool ports_commute(const Operator& op);

}  // namespace gensynth
