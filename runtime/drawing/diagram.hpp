#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::drawing {

/// Vertices that are drawn as one unit: a block, a transition, a join, the stem.
struct Unit {
  enum class Kind { input, block, downsample, bridge, end };  ///< bridge: joins or mixes; end: stem and head
  Kind kind = Kind::block;
  int stage = 0;  ///< index into Diagram::stages
  int column = -1;
  std::vector<int> vertices;  ///< in topological order
};

struct DiagramStage {
  std::string title;  ///< "Stem", "Stage 2", "Head"
  std::string size;   ///< "28 × 28"
  std::vector<int> columns;
};

/// The content of a drawing: stages from top to bottom, the units in them, and the links between units. The units are
/// in topological order. The tags of vertices guide the grouping but are not relied on: where they would make a cycle
/// of units, each vertex is a unit.
struct Diagram {
  std::vector<DiagramStage> stages;
  std::vector<Unit> units;
  std::vector<int> unit_of;                ///< by vertex
  std::vector<std::pair<int, int>> links;  ///< between units, sorted, each once
};

Diagram make_diagram(const Architecture& net);

/// Whether a vertex is drawn by itself; norms, activations and similar operators belong to the vertex before them.
bool draws_bar(const Operator& op);

}  // namespace gensynth::drawing
