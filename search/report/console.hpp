#pragma once

#include <string>
#include <vector>

#include "architecture/metrics.hpp"

namespace gensynth::report {

/// Whether the stream (1 or 2) is a terminal that may be coloured: NO_COLOR and TERM=dumb are honoured.
bool is_terminal(int stream);
bool use_colour(int stream);

enum class Style { plain, bold, dim, good, bad, note };
/// Text in ANSI colours when standard output may be coloured, else as it is.
std::string styled(const std::string& text, Style style);

/// Columns of text, widths by content; the first row is the heading. Numbers align right. Colour codes do not count.
class Table {
 public:
  explicit Table(std::vector<std::string> heading);
  void row(std::vector<std::string> cells);
  std::string text() const;
  std::string csv() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string count_text(double value);  ///< "5.48 M", "217 M", "950"
std::string number_text(double value, int digits = 2);
std::string duration_text(double seconds);  ///< "3 m 20 s"
std::string bytes_text(double bytes);       ///< "4.2 MiB"
/// "23.4 ms predicted [20.1, 27.0]", "75.8 % measured": a prediction never looks like a measurement.
std::string quantity_text(const Quantity& quantity);

}  // namespace gensynth::report
