#pragma once

#include <string>
#include <vector>

namespace gensynth::report {

/// A table as aligned text or as CSV (RFC 4180). The first row is the heading. Columns of numbers align right. Colour
/// codes take no width. CSV has everything; text is fitted to a width (table_layout.hpp).
class Table {
 public:
  explicit Table(std::vector<std::string> heading);
  void row(std::vector<std::string> cells);
  /// Columns that text may leave out where it is narrow, the least important first. Throws Error (internal) for a name
  /// that is no heading.
  void optional(const std::vector<std::string>& headings);
  /// Fits the terminal (output_width). A last line names the columns that were left out.
  std::string text() const;
  /// At most `width` characters in a line, as far as the cells allow; 0 means any width.
  std::string text(int width) const;
  std::string csv() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> optional_;
};

}  // namespace gensynth::report
