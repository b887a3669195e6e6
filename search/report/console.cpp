#include "search/report/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace gensynth::report {
namespace {

/// Printed width: ANSI sequences take none, UTF-8 continuation bytes neither.
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

bool is_terminal(int stream) { return ::isatty(stream) == 1; }

bool use_colour(int stream) {
  const char* no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* term = std::getenv("TERM");
  return is_terminal(stream) && (term == nullptr || std::strcmp(term, "dumb") != 0);
}

std::string styled(const std::string& text, Style style) {
  static const bool colour = use_colour(STDOUT_FILENO);
  if (!colour || style == Style::plain) return text;
  const char* code = "";
  switch (style) {
    case Style::plain:
      break;
    case Style::bold:
      code = "1";
      break;
    case Style::dim:
      code = "2";
      break;
    case Style::good:
      code = "32";
      break;
    case Style::bad:
      code = "31";
      break;
    case Style::note:
      code = "33";
      break;
  }
  return fmt::format("\033[{}m{}\033[0m", code, text);
}

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

std::string number_text(double value, int digits) { return fmt::format("{:.{}f}", value, digits); }

std::string count_text(double value) {
  const double size = std::abs(value);
  if (size >= 1e9) return fmt::format("{:.2f} G", value / 1e9);
  if (size >= 1e8) return fmt::format("{:.0f} M", value / 1e6);
  if (size >= 1e6) return fmt::format("{:.2f} M", value / 1e6);
  if (size >= 1e4) return fmt::format("{:.1f} k", value / 1e3);
  return fmt::format("{:.0f}", value);
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} m {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} m", whole / 3600, whole % 3600 / 60);
}

std::string bytes_text(double bytes) {
  if (bytes >= 1 << 20) return fmt::format("{:.2f} MiB", bytes / (1 << 20));
  return fmt::format("{:.1f} KiB", bytes / 1024);
}

std::string quantity_text(const Quantity& q) {
  std::string text;
  if (q.unit.empty()) {
    text = q.value == std::floor(q.value) ? count_text(q.value) : fmt::format("{:.3g}", q.value);
  } else if (q.unit == "bytes") {
    text = bytes_text(q.value);
  } else {
    text = number_text(q.value) + " " + q.unit;
  }
  if (q.provenance == Provenance::predicted) {
    text += fmt::format(" predicted [{}, {}]", number_text(q.low), number_text(q.high));
    if (!q.in_distribution) text += fmt::format(", out of distribution (distance {:.3g})", q.distance);
  } else if (q.provenance == Provenance::measured) {
    text += " measured";
  }
  return text;
}

}  // namespace gensynth::report
