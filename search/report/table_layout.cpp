#include "search/report/table_layout.hpp"

#include <algorithm>
#include <cctype>

namespace gensynth::report {
namespace {

constexpr std::size_t kGap = 2;           ///< characters between columns
constexpr std::size_t kLeastText = 14;    ///< a column of text is not wrapped to less
constexpr std::size_t kComfortable = 30;  ///< as long as columns can be left out, text is not wrapped to less

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool looks_numeric(const std::string& text) {
  return !text.empty() && (std::isdigit(static_cast<unsigned char>(text[0])) != 0 ||
                           ((text[0] == '-' || text[0] == '+') && text.size() > 1) || text == "-");
}

/// Words with the space behind them; a word of more than `width` characters is cut behind _ , . / into parts.
std::vector<std::string> pieces(const std::string& text, std::size_t width) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    words.back() += c;
    if (c == ' ') words.emplace_back();
  }
  std::vector<std::string> result;
  for (const std::string& word : words) {
    result.emplace_back();
    const bool fits = width_of(word.substr(0, word.find(' '))) <= width;
    for (const char c : word) {
      result.back() += c;
      if (!fits && (c == '_' || c == ',' || c == '.' || c == '/')) result.emplace_back();
    }
  }
  return result;
}

/// The bytes of the first `width` characters.
std::size_t bytes_of(const std::string& text, std::size_t width) {
  std::size_t i = 0;
  for (std::size_t seen = 0; i < text.size(); ++i) {
    if (!continues(text[i]) && seen++ == width) break;
  }
  return i;
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::size_t longest_word(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t i = 0; i <= text.size();) {
    const std::size_t end = std::min(text.find(' ', i), text.size());
    longest = std::max(longest, width_of(text.substr(i, end - i)));
    i = end + 1;
  }
  return longest;
}

struct Column {
  std::size_t index = 0;
  std::size_t width = 0;  ///< as it is printed
  std::size_t least = 0;  ///< to which it may shrink
  bool right = false;
};

class Fitting {
 public:
  Fitting(const std::vector<std::vector<std::string>>& rows, std::size_t limit) : limit_(limit) {
    for (std::size_t c = 0; c < rows.front().size(); ++c) columns_.push_back(measure(rows, c));
  }

  bool fits() const { return limit_ == 0 || total() <= limit_; }

  void wrap_headings() {
    for (Column& column : columns_) {
      if (column.right) column.width = column.least;
    }
  }

  /// Leaves columns of `order` out as long as text would have to be wrapped to less than is comfortable.
  void leave_out(const std::vector<std::size_t>& order, std::size_t comfortable) {
    for (const std::size_t index : order) {
      std::size_t needed = kGap * (columns_.size() - 1);
      for (const Column& column : columns_) {
        needed += column.right ? column.width : std::min(column.width, std::max(column.least, comfortable));
      }
      if (needed <= limit_) return;
      remove(index);
    }
  }

  void wrap_text() {
    while (!fits()) {
      Column* widest = nullptr;
      for (Column& column : columns_) {
        if (column.width > column.least && (widest == nullptr || column.width > widest->width)) widest = &column;
      }
      if (widest == nullptr) return;
      --widest->width;
    }
  }

  void drop_from_the_right() {
    while (!fits() && columns_.size() > 1) remove(columns_.back().index);
  }

  TableLayout layout() const {
    TableLayout result;
    for (const Column& column : columns_) {
      result.columns.push_back(column.index);
      result.widths.push_back(column.width);
      result.right.push_back(column.right);
    }
    result.left_out = left_out_;
    std::sort(result.left_out.begin(), result.left_out.end());
    return result;
  }

 private:
  static Column measure(const std::vector<std::vector<std::string>>& rows, std::size_t c) {
    Column column{c, width_of(rows.front()[c]), 0, rows.size() > 1};
    std::size_t data = 0;
    bool styled = false;
    for (std::size_t r = 1; r < rows.size(); ++r) {
      data = std::max(data, width_of(rows[r][c]));
      styled = styled || rows[r][c].find('\033') != std::string::npos;
      if (!rows[r][c].empty() && !looks_numeric(rows[r][c])) column.right = false;
    }
    column.width = std::max(column.width, data);
    const std::size_t heading = longest_word(rows.front()[c]);
    column.least =
        column.right || styled ? std::max(data, heading) : std::min(column.width, std::max(heading, kLeastText));
    return column;
  }

  std::size_t total() const {
    std::size_t sum = kGap * (columns_.size() - 1);
    for (const Column& column : columns_) sum += column.width;
    return sum;
  }

  void remove(std::size_t index) {
    const auto erased =
        std::erase_if(columns_, [&](const Column& column) { return column.index == index && columns_.size() > 1; });
    if (erased > 0) left_out_.push_back(index);
  }

  std::size_t limit_;
  std::vector<Column> columns_;
  std::vector<std::size_t> left_out_;
};

}  // namespace

std::size_t width_of(const std::string& text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') {
      while (i < text.size() && text[i] != 'm') ++i;
    } else if (!continues(text[i])) {
      ++width;
    }
  }
  return width;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  if (width_of(text) <= width || width == 0 || text.find('\033') != std::string::npos) return {text};
  std::vector<std::string> lines(1);
  for (std::string piece : pieces(text, width)) {
    if (!lines.back().empty() && width_of(lines.back()) + width_of(trimmed(piece)) > width) lines.emplace_back();
    while (width_of(trimmed(piece)) > width) {  // longer than a line
      const std::size_t bytes = bytes_of(piece, width);
      lines.back() = piece.substr(0, bytes);
      lines.emplace_back();
      piece.erase(0, bytes);
    }
    lines.back() += piece;
  }
  for (std::string& line : lines) line = trimmed(line);
  while (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

TableLayout fit_table(const std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& optional,
                      std::size_t width) {
  Fitting fitting(rows, width);
  if (!fitting.fits()) fitting.wrap_headings();
  if (!fitting.fits()) fitting.leave_out(optional, kComfortable);
  if (!fitting.fits()) fitting.wrap_text();
  if (!fitting.fits()) fitting.leave_out(optional, 0);
  if (!fitting.fits()) fitting.drop_from_the_right();
  return fitting.layout();
}

}  // namespace gensynth::report
