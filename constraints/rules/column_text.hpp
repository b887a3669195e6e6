#pragma once

#include <string>

#include "constraints/structure/columns.hpp"

namespace gensynth::rules {

/// The bounds that make a stage columnar. The defaults are those of the rule.
struct StageTerms {
  double min_columns = 1.3;
  double min_independence = 0.3;
  structure::ColumnTerms column;
};

/// Describes one stage and what is missing to be columnar: "stage 3 (14x14): columns 1 and 2 meet after every spatial
/// operator, first at 'add_12'; independence 0.00 of 0.30".
std::string stage_text(const structure::StageColumns& stage, int number, const StageTerms& terms,
                       const Architecture& architecture);

}  // namespace gensynth::rules
