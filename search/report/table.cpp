#include "search/report/table.hpp"

#include <algorithm>
#include <cctype>

#include "search/report/terminal.hpp"

namespace gensynth::report {
namespace {

/// Printed width: ANSI sequences and UTF-8 continuation bytes take no column.
std::size_t width_of(const std::string& text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') {
      while (i < text.size() && text[i] != 'm') ++i;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++width;
    }
  }
  return width;
}

bool looks_numeric(const std::string& text) {
  return !text.empty() && (std::isdigit(static_cast<unsigned char>(text[0])) != 0 ||
                           ((text[0] == '-' || text[0] == '+') && text.size() > 1) || text == "-");
}

}  // namespace

Table::Table(std::vector<std::string> heading) { rows_.push_back(std::move(heading)); }

void Table::row(std::vector<std::string> cells) {
  cells.resize(rows_.front().size());
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  const std::size_t columns = rows_.front().size();
  std::vector<std::size_t> widths(columns, 0);
  std::vector<bool> right(columns, rows_.size() > 1);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      widths[c] = std::max(widths[c], width_of(rows_[r][c]));
      if (r > 0 && !rows_[r][c].empty() && !looks_numeric(rows_[r][c])) right[c] = false;
    }
  }
  std::string result;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (std::size_t c = 0; c < columns; ++c) {
      const std::string& cell = rows_[r][c];
      const std::string padding(widths[c] - width_of(cell), ' ');
      line += (c > 0 ? "  " : "") + (right[c] ? padding + cell : cell + padding);
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    result += (r == 0 ? styled(line, Style::bold) : line) + "\n";
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
