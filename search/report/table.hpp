#pragma once

#include <string>
#include <vector>

namespace gensynth::report {

/// A table as aligned text or as CSV (RFC 4180). The first row is the heading. Columns are as wide as their content;
/// columns of numbers align right. Colour codes take no width.
class Table {
 public:
  explicit Table(std::vector<std::string> heading);
  void row(std::vector<std::string> cells);
  std::string text() const;
  std::string csv() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace gensynth::report
