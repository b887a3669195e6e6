#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::simulation {

/// A tabular benchmark: the result of training for every genotype of a space, so that a search can be repeated hundreds
/// of times. A row is one genotype; isomorphic cells are different rows with different scores.
struct ScoreTable {
  struct Row {
    double score = 0;   ///< observed by strategies; higher is better, > 0
    double report = 0;  ///< reported for the winner; strategies never observe it
  };
  std::map<space::Genotype, Row> rows;
  double optimum = 0;  ///< highest score

  /// Throws Error when the table has no row for the genotype.
  const Row& at(const space::Genotype& genotype) const;
  std::string source;
};

/// Reads a CSV file, plain or compressed (gzip, xz, ...), with a column `arch_string` in the notation of NAS-Bench-201
/// and the two columns named. Throws Error for an unknown column (naming the nearest), a field that is not a
/// number, a negative score, and a repeated architecture.
ScoreTable read_score_table(const std::string& path, const std::string& score, const std::string& report,
                            const nasbench201::NasBench201Space& space);

}  // namespace gensynth::simulation
