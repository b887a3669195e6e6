#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "constraints/structure/structure.hpp"

namespace gensynth::structure {

/// The bounds that a column must meet. The defaults are those of the rule.
struct ColumnTerms {
  double min_share = 0.1;  ///< share of the stage's MACs
  int min_series = 2;      ///< spatial operators in series, with a nonlinearity between, before it meets another
  bool operator==(const ColumnTerms&) const = default;
};

/// A part of the network that computes side by side with others (paper, section 2.3: parallel columns), restricted to
/// one stage.
struct Column {
  std::vector<int> nodes;  ///< nodes of the canonical form in this stage, ascending; a gate is its exit
  std::int64_t macs = 0;   ///< in this stage
  int series = 0;          ///< spatial operators one after another, in all stages, before it meets another
};

/// Why a stage has no columns, or where its columns end.
enum class StageFinding : std::uint8_t {
  trunk,  ///< no operators are side by side
  small,  ///< branches, of which fewer than two hold the share of the stage's MACs that a column needs
  early,  ///< branches that meet before two spatial operators
  thin,   ///< branches of single channels: depthwise convolutions in series
  columns
};

/// The part of a network at one spatial size, or at sizes that differ by less than a third (Contraction::merge_stages).
struct StageColumns {
  int height = 0;
  int width = 0;
  std::int64_t macs = 0;
  std::int64_t independent_macs = 0;  ///< MACs in columns; 0 with fewer than two of them
  double effective_columns = 1;       ///< (sum m)^2 / sum m^2 over the columns' MACs; 1 with fewer than two
  /// How different the columns are, 0 (equal) to 1: the mean over pairs of 1 - sum min / sum max over the MACs that
  /// the two spend on each kind of operator (taps by axis; by channel or across channels).
  double heterogeneity = 0;
  std::vector<Column> columns;  ///< most MACs first; if there are no columns, the branches nearest to being columns
  StageFinding finding = StageFinding::trunk;
  /// For a stage without columns, from 0 to 1: the MACs of its second-largest branch that is a column in every respect
  /// but its MACs, divided by the MACs that a column needs. 0 if fewer than two branches are so close.
  double nearness = 0;
  int meeting = -1;           ///< the vertex where the first of them meet, -1 for none before the output
  std::vector<int> who_meet;  ///< there: indices of columns, ascending; all where nothing closer is known

  double independence() const {
    return macs > 0 ? static_cast<double>(independent_macs) / static_cast<double>(macs) : 0;
  }
};

struct ColumnReport {
  std::vector<StageColumns> stages;  ///< stages with MACs, largest map first; the pooled head is in none
  std::int64_t network_macs = 0;     ///< MACs of the canonical form, with the head
  double effective_columns = 1;      ///< mean over stages, weighted by their MACs
  double independence = 0;           ///< the same
  double heterogeneity = 0;          ///< the same, over stages with columns
  /// The change of independence from the first stage with columns to the last stage, by the least-squares line over the
  /// stages, weighted by their MACs. It is negative if columns are independent early and interact late (paper, section
  /// 2.3), and 0 with fewer than two such stages.
  double independence_trend = 0;
};

/// The vertices of the column in its stage, including those inside its gates; ascending.
std::vector<int> column_vertices(const Structure& structure, const Column& column);

/// Measures columns on the canonical form; docs/constraints.md has the rules in full. Gates are one operator each.
ColumnReport measure_columns(const Structure& structure, const ColumnTerms& terms = {});

}  // namespace gensynth::structure
