#include <cstdio>
#include <nlohmann/json.hpp>

#include "constraints/registry.hpp"
#include "search/command/command.hpp"
#include "search/report/console.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string name;
  std::vector<std::string> plugins;
  bool as_json = false;
};

nlohmann::ordered_json info_json(const constraints::ConstraintInfo& info) {
  nlohmann::ordered_json parameters = nlohmann::ordered_json::array();
  for (const constraints::ParameterInfo& p : info.parameters) {
    nlohmann::ordered_json entry = {{"name", p.name}, {"type", p.type}, {"default", p.fallback}, {"help", p.help}};
    if (p.low < p.high) entry["range"] = {p.low, p.high};
    if (!p.choices.empty()) entry["choices"] = p.choices;
    parameters.push_back(std::move(entry));
  }
  return {{"name", info.name},
          {"summary", info.summary},
          {"description", info.description},
          {"cost_class", to_string(info.cost_class)},
          {"hard_by_default", info.hard_by_default},
          {"origin", info.origin},
          {"parameters", parameters}};
}

constraints::ConstraintRegistry registry_with(const std::vector<std::string>& plugins) {
  constraints::ConstraintRegistry registry;
  for (const std::string& path : plugins) registry.load_plugin(path);
  return registry;
}

int list(const Options& options) {
  const constraints::ConstraintRegistry registry = registry_with(options.plugins);
  if (options.as_json) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const constraints::ConstraintInfo* info : registry.list()) all.push_back(info_json(*info));
    std::printf("%s\n", all.dump(2).c_str());
    return kDone;
  }
  report::Table table({"constraint", "default", "needs", "what it asks"});
  for (const constraints::ConstraintInfo* info : registry.list()) {
    table.row({info->name, info->hard_by_default ? "hard" : "soft", to_string(info->cost_class), info->summary});
  }
  std::printf("%s\n`gensynth constraints describe NAME` tells how it measures and what can be set.\n",
              table.text().c_str());
  return kDone;
}

int describe(const Options& options) {
  const constraints::ConstraintRegistry registry = registry_with(options.plugins);
  const constraints::ConstraintInfo& info = registry.describe(options.name);
  if (options.as_json) {
    std::printf("%s\n", info_json(info).dump(2).c_str());
    return kDone;
  }
  std::printf("%s: %s\n\n%s\n\n", report::styled(info.name, report::Style::bold).c_str(), info.summary.c_str(),
              info.description.c_str());
  report::Table table({"parameter", "type", "default", "meaning"});
  table.row({"hard", "boolean", info.hard_by_default ? "true" : "false", "reject when violated, or only cost U"});
  table.row({"weight", "number", "1", "dB of U per unit of relative violation, when soft"});
  for (const constraints::ParameterInfo& p : info.parameters) {
    table.row({p.name, p.type, p.fallback.is_null() ? "(required)" : p.fallback.dump(), p.help});
  }
  std::printf("%s\nIn a job: {\"constraint\": \"%s\", ...}. Origin: %s.\n", table.text().c_str(), info.name.c_str(),
              info.origin.c_str());
  return kDone;
}

}  // namespace

void add_constraints(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("constraints", "The kinds of constraint, and how each one measures");
  command->require_subcommand(0, 1);
  command->add_option("--plugin", options->plugins, "also load this plugin");
  command->add_flag("--json", options->as_json, "for machines");
  CLI::App* list_command = command->add_subcommand("list", "all of them (the default)");
  CLI::App* describe_command = command->add_subcommand("describe", "one of them in full");
  describe_command->add_option("NAME", options->name, "constraint")->required();
  for (CLI::App* sub : {list_command, describe_command}) {
    sub->add_flag("--json", options->as_json, "for machines");
    sub->add_option("--plugin", options->plugins, "also load this plugin");
  }
  command->callback([options, describe_command, &exit_code] {
    exit_code = describe_command->parsed() ? describe(*options) : list(*options);
  });
}

}  // namespace gensynth::command
