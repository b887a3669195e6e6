#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::drawing {

/// Vertices that are drawn as one: a block, a transition, a join, the stem.
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

/// A network as drawn: stages from top to bottom, units in them, and what reads what. The units are in topological
/// order. The tags of vertices guide the grouping but are not trusted: where they would make a circle of units, the
/// vertices stand alone.
struct Diagram {
  std::vector<DiagramStage> stages;
  std::vector<Unit> units;
  std::vector<int> unit_of;                ///< by vertex
  std::vector<std::pair<int, int>> links;  ///< between units, sorted, each once
};

Diagram make_diagram(const Architecture& net);

/// Vertices that stand for themselves in a drawing; norms, activations and the like belong to the one before.
bool draws_bar(const Operator& op);

}  // namespace gensynth::drawing
