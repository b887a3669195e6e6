#pragma once

#include <cstdint>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::rules {

/// A branch that computes on its own from where its stage begins (paper, section 2.1: independent branches).
struct ColumnBranch {
  std::vector<int> vertices;  ///< ascending; with the inside of its gates and blocks
  std::int64_t macs = 0;
  int series = 0;  ///< spatial convolutions, attention layers and spatial gates one after another on its longest path
};

/// All of a network at one spatial size.
struct StageColumns {
  int height = 0;
  int width = 0;
  std::int64_t macs = 0;
  std::int64_t independent_macs = 0;  ///< in columns; 0 with fewer than two of them
  double effective_columns = 1;       ///< (sum m)^2 / sum m^2 over the columns' MACs; 1 with fewer than two
  std::vector<ColumnBranch> columns;  ///< most MACs first
  std::vector<int> meetings;          ///< vertices where branches met that cannot be told apart afterwards

  double independence() const {
    return macs > 0 ? static_cast<double>(independent_macs) / static_cast<double>(macs) : 0;
  }
};

struct ColumnReport {
  std::vector<StageColumns> stages;  ///< that have MACs, largest map first; the pooled head is in none
  double effective_columns = 1;      ///< mean over stages, weighted by their MACs
};

/// Measures columns from the graph alone; placements are not read. Gates (Gates in flow.hpp) count as one
/// operator, an identity that an add joins to what was made of it is dropped, and a fork that closes again with
/// fewer than two columns inside is one block of its branch: docs/constraints.md has the rules in full.
ColumnReport measure_columns(const Architecture& architecture);

}  // namespace gensynth::rules
