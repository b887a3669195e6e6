#pragma once

#include <string>

#include "search/command/shell/command_tree.hpp"

namespace gensynth::command::shell {

/// The manual page gensynth(1) in roff with the macros of man(7). `version`: for the footer.
std::string man_page(const CommandEntry& program, const std::string& version);

}  // namespace gensynth::command::shell
