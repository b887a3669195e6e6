#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace gensynth::features {

/// Multiset of tokens: (identity, count) ascending by identity, counts above 0.
using TokenCounts = std::vector<std::pair<std::uint64_t, float>>;

/// Merges equal tokens and sorts them.
TokenCounts counted(TokenCounts tokens);
/// Counts identities, and sorts the argument.
TokenCounts counted(std::vector<std::uint64_t>& identities);
double total(const TokenCounts& counts);
/// Sum of the minima over all tokens.
double shared(const TokenCounts& a, const TokenCounts& b);

}  // namespace gensynth::features
