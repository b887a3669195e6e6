#include "search/report/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace gensynth::report {

bool is_terminal(int stream) { return ::isatty(stream) == 1; }

namespace {
ColourMode colour_mode = ColourMode::automatic;
}  // namespace

void set_colour_mode(ColourMode mode) { colour_mode = mode; }

int output_width() {
  if (const char* columns = std::getenv("COLUMNS")) {
    int width = 0;
    const auto [end, error] = std::from_chars(columns, columns + std::strlen(columns), width);
    if (error == std::errc() && *end == '\0' && width > 0) return width;
  }
  winsize size{};
  if (is_terminal(STDOUT_FILENO) && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) return size.ws_col;
  return 0;
}

bool use_colour(int stream) {
  if (colour_mode != ColourMode::automatic) return colour_mode == ColourMode::always;
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

}  // namespace gensynth::report
