#include "search/command/shell/command_tree.hpp"

#include <sstream>

namespace gensynth::command::shell {
namespace {

/// CLI11 describes a choice by its type: "TEXT:{a,b}".
std::vector<std::string> choices_of(const std::string& type) {
  std::vector<std::string> choices;
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos) return choices;
  std::istringstream items(type.substr(open + 1, close - open - 1));
  for (std::string item; std::getline(items, item, ',');) choices.push_back(item);
  return choices;
}

OptionEntry entry_of(const CLI::Option& option) {
  OptionEntry entry;
  if (option.get_positional() && option.get_lnames().empty()) {
    entry.names.push_back(option.get_name(true));
  } else {
    for (const std::string& name : option.get_snames()) entry.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) entry.names.push_back("--" + name);
  }
  if (option.get_items_expected_max() > 0) {
    const std::string type = option.get_type_name();
    entry.value = type.substr(0, type.find(':'));
    entry.choices = choices_of(type);
  }
  entry.help = option.get_description();
  entry.required = option.get_required();
  entry.repeated = option.get_items_expected_max() > 1;
  return entry;
}

CommandEntry entry_of(const CLI::App& app, std::vector<std::string> path) {
  CommandEntry entry;
  entry.path = std::move(path);
  entry.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    OptionEntry one = entry_of(*option);
    (one.names.front().starts_with('-') ? entry.options : entry.arguments).push_back(std::move(one));
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->get_group().empty()) continue;  // hidden
    std::vector<std::string> below = entry.path;
    below.push_back(sub->get_name());
    entry.commands.push_back(entry_of(*sub, std::move(below)));
  }
  return entry;
}

void append(const CommandEntry& command, std::vector<const CommandEntry*>& all) {
  all.push_back(&command);
  for (const CommandEntry& sub : command.commands) append(sub, all);
}

}  // namespace

CommandEntry command_tree(const CLI::App& program) { return entry_of(program, {}); }

std::vector<const CommandEntry*> flattened(const CommandEntry& command) {
  std::vector<const CommandEntry*> all;
  append(command, all);
  return all;
}

}  // namespace gensynth::command::shell
