#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "generator/space/search_space.hpp"

namespace gensynth::space {

/// Two genotypes whose answers differ in at least this share of their decisions are different structures; others are
/// variants of one.
constexpr double kDifferentStructure = 0.15;

/// The answers of a genotype by decision, in a form that is fast to compare.
class Structure {
 public:
  Structure() = default;
  Structure(const SearchSpace& space, const Genotype& genotype);
  /// The share of decisions in which the two differ, 0 to 1. A decision that only one of the two has counts as
  /// different.
  double distance(const Structure& other) const;

 private:
  std::vector<std::pair<std::uint64_t, int>> answers_;  ///< by hash of the decision's name, ascending
};

/// Groups genotypes by structure: each belongs to the first earlier genotype from which it differs in less than
/// `radius` of its decisions, and else begins a group of its own. The result has, for each genotype in order, the index
/// of the genotype that its group began with. Given best first, the groups therefore begin with their best.
std::vector<std::size_t> group_by_structure(const SearchSpace& space, const std::vector<Genotype>& genotypes,
                                            double radius = kDifferentStructure);

}  // namespace gensynth::space
