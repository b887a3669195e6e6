#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "search/command/exit_code.hpp"

namespace gensynth::latency {
struct LatencyTarget;
}

namespace gensynth::command {

/// Each command adds itself to the program and, when chosen, sets `exit_code`.
void add_init(CLI::App& program, int& exit_code);
void add_search(CLI::App& program, int& exit_code);
void add_log(CLI::App& program, int& exit_code);
void add_generate(CLI::App& program, int& exit_code);
void add_bench(CLI::App& program, int& exit_code);
void add_calibrate(CLI::App& program, int& exit_code);
void add_check(CLI::App& program, int& exit_code);
void add_profile(CLI::App& program, int& exit_code);
void add_train(CLI::App& program, int& exit_code);
void add_export(CLI::App& program, int& exit_code);
void add_compare(CLI::App& program, int& exit_code);
void add_constraints(CLI::App& program, int& exit_code);
void add_zoo(CLI::App& program, int& exit_code);
void add_worker(CLI::App& program, int& exit_code);
void add_benchmark_search(CLI::App& program, int& exit_code);

/// --device, --runtime, --threads, --clock-ghz, --precision, as several commands have them.
void add_target_options(CLI::App& command, latency::LatencyTarget& target);

/// For options that are fractions; unlike CLI::Range it turns NaN down.
CLI::Validator number_between(double low, double high);

/// Runs gensynth-torch with a JSON request in place of this process's work; its exit code.
int run_companion(const std::string& command, const std::string& request, int math_threads = 1);

}  // namespace gensynth::command
