#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace gensynth::features {

/// How often each token occurs: (identity, count), ascending by identity, counts > 0.
using TokenCounts = std::vector<std::pair<std::uint64_t, float>>;

/// Adds up equal tokens.
TokenCounts counted(TokenCounts tokens);
/// How often each identity occurs; sorts them.
TokenCounts counted(std::vector<std::uint64_t>& identities);
double total(const TokenCounts& counts);
/// Sum of the minima over all tokens.
double shared(const TokenCounts& a, const TokenCounts& b);

}  // namespace gensynth::features
