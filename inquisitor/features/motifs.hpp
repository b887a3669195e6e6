#pragma once

#include <array>

#include "architecture/architecture.hpp"
#include "inquisitor/features/token_counts.hpp"

namespace gensynth::features {

constexpr int kMotifRounds = 4;  ///< neighbourhoods of radius 0, 1, 2, 3
using Motifs = std::array<TokenCounts, kMotifRounds>;

/// The patterns of operators that an architecture is made of, by radius: Weisfeiler-Leman subtree features
/// (Shervashidze et al. 2011, JMLR 12; for architectures: Ru et al. 2021, arXiv:2006.07556). Vertices that only
/// normalise, activate or scale are skipped. Kernels, strides and kinds of grouping count, widths do not. Equal for
/// isomorphic graphs.
Motifs architecture_motifs(const Architecture& architecture);

}  // namespace gensynth::features
