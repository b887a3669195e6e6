#include "search/report/table.hpp"

#include <algorithm>

#include "architecture/base/error.hpp"
#include "search/report/table_layout.hpp"
#include "search/report/terminal.hpp"

namespace gensynth::report {

Table::Table(std::vector<std::string> heading) { rows_.push_back(std::move(heading)); }

void Table::row(std::vector<std::string> cells) {
  cells.resize(rows_.front().size());
  rows_.push_back(std::move(cells));
}

void Table::optional(const std::vector<std::string>& headings) {
  const std::vector<std::string>& known = rows_.front();
  for (const std::string& heading : headings) {
    const auto found = std::find(known.begin(), known.end(), heading);
    if (found == known.end()) throw Error("no column '" + heading + "'", ErrorKind::internal);
    optional_.push_back(static_cast<std::size_t>(found - known.begin()));
  }
}

std::string Table::text() const { return text(output_width()); }

std::string Table::text(int width) const {
  const TableLayout layout = fit_table(rows_, optional_, static_cast<std::size_t>(std::max(width, 0)));
  std::string result;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (std::size_t c = 0; c < layout.columns.size(); ++c) {
      cells.push_back(wrapped(rows_[r][layout.columns[c]], layout.widths[c]));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t h = 0; h < height; ++h) {
      std::string line;
      for (std::size_t c = 0; c < cells.size(); ++c) {
        // A heading of several lines ends above its column.
        const std::size_t skipped = r == 0 ? height - cells[c].size() : 0;
        const std::string cell = h >= skipped && h - skipped < cells[c].size() ? cells[c][h - skipped] : "";
        const std::string padding(layout.widths[c] - std::min(layout.widths[c], width_of(cell)), ' ');
        line += (c > 0 ? "  " : "") + (layout.right[c] ? padding + cell : cell + padding);
      }
      while (!line.empty() && line.back() == ' ') line.pop_back();
      result += (r == 0 ? styled(line, Style::bold) : line) + "\n";
    }
  }
  if (layout.left_out.empty()) return result;
  std::string names;
  for (const std::size_t column : layout.left_out) names += (names.empty() ? "" : ", ") + rows_.front()[column];
  for (const std::string& line : wrapped("not shown at this width: " + names, static_cast<std::size_t>(width))) {
    result += styled(line, Style::dim) + "\n";
  }
  return result;
}

std::string Table::csv() const {
  std::string result;
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const bool quote = row[c].find_first_of(",\"\n") != std::string::npos;
      std::string cell = row[c];
      if (quote) {
        std::string doubled;
        for (const char ch : cell) doubled += ch == '"' ? std::string("\"\"") : std::string(1, ch);
        cell = "\"" + doubled + "\"";
      }
      result += (c > 0 ? "," : "") + cell;
    }
    result += "\n";
  }
  return result;
}

}  // namespace gensynth::report
