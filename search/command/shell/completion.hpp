#pragma once

#include <string>

#include "search/command/shell/command_tree.hpp"

namespace gensynth::command::shell {

enum class Shell { bash, zsh, fish };

/// A script that completes the commands, options and choices of `program`, and file names elsewhere.
std::string completion_script(Shell shell, const CommandEntry& program);

}  // namespace gensynth::command::shell
