#pragma once

#include <string>
#include <vector>

namespace gensynth::report {

/// Printed width in characters: ANSI sequences take none, and neither do UTF-8 continuation bytes.
std::size_t width_of(const std::string& text);

/// Lines of at most `width` characters, broken at spaces or behind _ , . / where that is possible. Text with ANSI
/// sequences stays whole.
std::vector<std::string> wrapped(const std::string& text, std::size_t width);

struct TableLayout {
  std::vector<std::size_t> columns;  ///< those shown, ascending
  std::vector<std::size_t> widths;   ///< of these
  std::vector<bool> right;           ///< of these: numbers, which align right
  std::vector<std::size_t> left_out;
};

/// Fits rows (the first is the heading) into `width` characters; 0 means any width. In this order, as far as it is
/// needed: headings of numbers are wrapped; columns of `optional` are left out; cells of text are wrapped; and at last
/// the rightmost columns are left out, but never the first.
TableLayout fit_table(const std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& optional,
                      std::size_t width);

}  // namespace gensynth::report
