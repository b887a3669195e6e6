#pragma once

#include <CLI/CLI.hpp>

namespace gensynth::command::shared {

/// Parses the arguments and runs the command chosen, which sets `exit_code`. Prints help, and errors as
/// "gensynth: MESSAGE" on standard error. Returns the exit code of the process.
int run_program(CLI::App& program, int argc, char** argv, const int& exit_code);

}  // namespace gensynth::command::shared
