#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "search/command/shared/exit_code.hpp"

namespace gensynth::command {

using enum shared::ExitCode;

/// Each command adds itself to the program and, when chosen, sets `exit_code`.
void add_init(CLI::App& program, int& exit_code);
void add_search(CLI::App& program, int& exit_code);
void add_log(CLI::App& program, int& exit_code);
void add_generate(CLI::App& program, int& exit_code);
void add_bench(CLI::App& program, int& exit_code);
void add_calibrate(CLI::App& program, int& exit_code);
void add_check(CLI::App& program, int& exit_code);
void add_profile(CLI::App& program, int& exit_code);
void add_predict(CLI::App& program, int& exit_code);
void add_compare(CLI::App& program, int& exit_code);
void add_constraints(CLI::App& program, int& exit_code);
void add_zoo(CLI::App& program, int& exit_code);
void add_worker(CLI::App& program, int& exit_code);
void add_benchmark_search(CLI::App& program, int& exit_code);

namespace pages {
void add_report(CLI::App& program, int& exit_code);
void add_serve(CLI::App& program, int& exit_code);
}  // namespace pages

namespace trained {
void add_train(CLI::App& program, int& exit_code);
void add_evaluate(CLI::App& program, int& exit_code);
void add_export(CLI::App& program, int& exit_code);
void add_quantise(CLI::App& program, int& exit_code);
}  // namespace trained

namespace shell {
void add_completion(CLI::App& program, int& exit_code);
void add_man(CLI::App& program, int& exit_code);
}  // namespace shell

}  // namespace gensynth::command
