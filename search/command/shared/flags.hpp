#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "architecture/base/option.hpp"
#include "architecture/precision.hpp"

namespace gensynth::latency {
struct LatencyTarget;
}

namespace gensynth::command::shared {

/// --device, --runtime, --threads, --clock-ghz, --precision, which several commands have.
void add_target_options(CLI::App& command, latency::LatencyTarget& target);

/// --precision, one of `known`.
CLI::Option* add_precision_option(CLI::App& command, Precision& precision, const std::vector<Precision>& known,
                                  const std::string& help);

/// A range of real numbers. Unlike CLI::Range it refuses NaN.
CLI::Validator number_between(double low, double high);

/// The seeds that every command accepts.
CLI::Validator seed_range();

/// An option that sets a key of a job: its help, range and choices are those of the key.
template <class T>
CLI::Option* add_key_option(CLI::App& command, const std::string& flag, T& variable, const Option& key) {
  CLI::Option* option = command.add_option(flag, variable, key.help);
  if (key.low < key.high) option->check(number_between(key.low, key.high));
  if (!key.choices.empty()) option->check(CLI::IsMember(key.choices));
  return option;
}

}  // namespace gensynth::command::shared
