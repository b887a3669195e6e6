#pragma once

#include "search/simulation/score_table.hpp"

namespace gensynth::testing {

/// All 15,625 cells with an invented score that favours 3x3 convolutions on some edges and a skip on another; its only
/// optimum is (3, 3, 3, 1, 3, 2).
inline simulation::ScoreTable made_up_table() {
  simulation::ScoreTable table;
  table.source = "made up";
  space::Genotype genotype(6, 0);
  const space::Genotype best = {3, 3, 3, 1, 3, 2};
  for (int index = 0; index < 15'625; ++index) {
    double score = 90;
    for (std::size_t e = 0, rest = static_cast<std::size_t>(index); e < 6; ++e, rest /= 5) {
      genotype[e] = static_cast<int>(rest % 5);
      if (genotype[e] != best[e]) score -= 2 + 0.7 * static_cast<double>(e) + (genotype[e] == 0 ? 3 : 0);
    }
    table.rows[genotype] = {score, 100 - score};
    table.optimum = std::max(table.optimum, score);
  }
  return table;
}

}  // namespace gensynth::testing
