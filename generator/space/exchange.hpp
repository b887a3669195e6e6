#pragma once

#include <vector>

#include "generator/space/search_space.hpp"

namespace gensynth::space {

/// The genotypes in which two places of the same kind, such as two stages or two columns, exchange all their answers
/// ("stage1.column0.*" with "stage2.column1.*"), in order of the places' names. Single decisions lead from one to the
/// other only through many worse genotypes. None where names have no places. Dependent decisions are carried over as in
/// SearchSpace::neighbours; genotypes that equal the given one are left out.
std::vector<Genotype> exchanges(const SearchSpace& space, const Genotype& genotype);

}  // namespace gensynth::space
