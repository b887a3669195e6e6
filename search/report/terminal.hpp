#pragma once

#include <string>

namespace gensynth::report {

/// Whether the stream (1 or 2) is a terminal.
bool is_terminal(int stream);
/// Characters in a line of standard output: COLUMNS if it is set, else those of the terminal; 0 (any number) for a file
/// or a pipe.
int output_width();
/// --color: `always` and `never` overrule what `use_colour` finds out by itself.
enum class ColourMode { automatic, always, never };
void set_colour_mode(ColourMode mode);  ///< before anything is printed

/// Whether the stream is a terminal and colours are not turned off by NO_COLOR or TERM=dumb.
bool use_colour(int stream);

enum class Style { plain, bold, dim, good, bad, note };
/// Text in ANSI colours when standard output may be coloured, else unchanged.
std::string styled(const std::string& text, Style style);

}  // namespace gensynth::report
