#pragma once

#include <string>

namespace gensynth::report {

/// Whether the stream (1 or 2) is a terminal.
bool is_terminal(int stream);
/// Whether the stream is a terminal and colours are not turned off by NO_COLOR or TERM=dumb.
bool use_colour(int stream);

enum class Style { plain, bold, dim, good, bad, note };
/// Text in ANSI colours when standard output may be coloured, else unchanged.
std::string styled(const std::string& text, Style style);

}  // namespace gensynth::report
