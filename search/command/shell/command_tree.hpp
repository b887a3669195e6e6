#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace gensynth::command::shell {

struct OptionEntry {
  std::vector<std::string> names;  ///< "-h", "--help"; of an argument its one name, "RUN"
  std::string value;               ///< "INT", "TEXT"; empty for a flag
  std::vector<std::string> choices;
  std::string help;
  bool required = false;
  bool repeated = false;  ///< takes several values
};

/// One command with everything that can follow it.
struct CommandEntry {
  std::vector<std::string> path;  ///< {"log", "list"}; empty for the program
  std::string help;
  std::vector<OptionEntry> arguments;
  std::vector<OptionEntry> options;
  std::vector<CommandEntry> commands;  ///< without hidden ones

  std::string name() const { return path.empty() ? "" : path.back(); }
};

CommandEntry command_tree(const CLI::App& program);

/// The command and all below it, parents first.
std::vector<const CommandEntry*> flattened(const CommandEntry& command);

}  // namespace gensynth::command::shell
