#pragma once

#include <vector>

#include "generator/space/search_space.hpp"
#include "inquisitor/features/motifs.hpp"

namespace gensynth::features {

/// What a surrogate sees of a candidate. Values and motifs depend on the architecture alone and are equal for
/// isomorphic networks; decisions tell apart what the space asked, even where the answers build the same network.
struct Description {
  std::vector<double> values;  ///< architecture_features and path_features; any length, the same for all rows
  Motifs motifs;               ///< may be empty
  TokenCounts decisions;       ///< may be empty; see decision_tokens
};

/// Answers by name as tokens, so that half the sum of absolute differences counts the decisions in which two genotypes
/// differ: by 1 where the answers of a nominal decision differ or one genotype lacks it, by the distance over its range
/// where it is ordinal (0.5 to 1.5 where it is missing).
TokenCounts decision_tokens(const space::SearchSpace& space, const space::Genotype& genotype);

Description describe(const space::SearchSpace& space, const space::Genotype& genotype,
                     const Architecture& architecture);

}  // namespace gensynth::features
