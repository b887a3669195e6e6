#include "constraints/rules/column_text.hpp"

#include <cstdio>

namespace gensynth::rules {
namespace {

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
  return text;
}

/// "columns 1 and 2", "columns 1, 2 and 4".
std::string numbered(const char* what, const std::vector<int>& columns) {
  std::string text = what;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text += i == 0 ? " " : i + 1 < columns.size() ? ", " : " and ";
    text += std::to_string(columns[i] + 1);
  }
  return text;
}

std::string meeting(const structure::StageColumns& stage, const Architecture& architecture) {
  return stage.meeting < 0 ? "" : " at '" + architecture[stage.meeting].id + "'";
}

int shortest_series(const structure::StageColumns& stage) {
  int series = stage.columns.front().series;
  for (const structure::Column& column : stage.columns) series = std::min(series, column.series);
  return series;
}

std::string spatial_operators(int count) {
  if (count == 0) return "without a spatial operator";
  return count == 1 ? "after every spatial operator" : "after every " + std::to_string(count) + " spatial operators";
}

std::string found(const structure::StageColumns& stage, const StageTerms& terms, const Architecture& architecture) {
  const std::size_t count = stage.columns.size();
  switch (stage.finding) {
    case structure::StageFinding::trunk:
      return "one trunk";
    case structure::StageFinding::small: {
      std::int64_t small = 0;
      for (std::size_t c = 1; c < count; ++c) small += stage.columns[c].macs;
      return std::to_string(count - 1) + (count == 2 ? " branch" : " branches") + " beside a trunk with " +
             percent(static_cast<double>(small) / static_cast<double>(stage.macs)) +
             " of the stage's MACs, where a column needs " + percent(terms.column.min_share);
    }
    case structure::StageFinding::early:
      return numbered("columns", stage.who_meet) + " meet " + spatial_operators(shortest_series(stage)) +
             meeting(stage, architecture) + ", where a column needs " + std::to_string(terms.column.min_series) +
             " in series";
    case structure::StageFinding::thin:
      return numbered("branches", stage.who_meet) + " only work channel by channel until they meet" +
             meeting(stage, architecture);
    case structure::StageFinding::columns:
      break;
  }
  std::string text = std::to_string(count) + " columns";
  const bool mingled = stage.independence() < terms.min_independence;
  if (mingled)
    text = numbered("columns", stage.who_meet) + " meet after " + percent(stage.independence()) + " of the stage" +
           meeting(stage, architecture);
  text += ", N " + decimal(stage.effective_columns);
  if (stage.effective_columns < terms.min_columns) text += " of " + decimal(terms.min_columns);
  return text;
}

}  // namespace

std::string stage_text(const structure::StageColumns& stage, int number, const StageTerms& terms,
                       const Architecture& architecture) {
  std::string text = "stage " + std::to_string(number) + " (" + std::to_string(stage.height) + "x" +
                     std::to_string(stage.width) + "): " + found(stage, terms, architecture);
  if (stage.finding == structure::StageFinding::trunk || stage.finding == structure::StageFinding::small) return text;
  text += ", independence " + decimal(stage.independence());
  if (stage.independence() < terms.min_independence) text += " of " + decimal(terms.min_independence);
  if (stage.finding == structure::StageFinding::columns) text += ", heterogeneity " + decimal(stage.heterogeneity);
  return text;
}

}  // namespace gensynth::rules
