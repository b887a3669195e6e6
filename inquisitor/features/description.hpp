#pragma once

#include <vector>

#include "generator/space/search_space.hpp"
#include "inquisitor/features/motifs.hpp"

namespace gensynth::features {

/// The input of a surrogate. Values and motifs depend on the architecture only and are equal for isomorphic networks;
/// decisions distinguish genotypes even where they build the same network.
struct Description {
  std::vector<double> values;  ///< architecture_features and path_features; any length, the same for all rows
  Motifs motifs;               ///< may be empty
  TokenCounts decisions;       ///< may be empty; see decision_tokens
};

/// Decisions as tokens. Half the sum of absolute differences of two genotypes counts the decisions in which they
/// differ: by 1 where the answers of a nominal decision differ or one genotype lacks it, by the distance over its range
/// where it is ordinal (0.5 to 1.5 where it is missing).
TokenCounts decision_tokens(const space::SearchSpace& space, const space::Genotype& genotype);

Description describe(const space::SearchSpace& space, const space::Genotype& genotype,
                     const Architecture& architecture);

}  // namespace gensynth::features
