#pragma once

#include <CLI/CLI.hpp>

namespace gensynth::latency {
struct LatencyTarget;
}

namespace gensynth::command::shared {

/// --device, --runtime, --threads, --clock-ghz, --precision, which several commands have.
void add_target_options(CLI::App& command, latency::LatencyTarget& target);

/// A range of real numbers. Unlike CLI::Range it refuses NaN.
CLI::Validator number_between(double low, double high);

}  // namespace gensynth::command::shared
