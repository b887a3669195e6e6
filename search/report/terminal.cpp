#include "search/report/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace gensynth::report {

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

}  // namespace gensynth::report
