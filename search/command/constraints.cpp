#include <cstdio>
#include <nlohmann/json.hpp>

#include "constraints/registry/registry.hpp"
#include "search/command/command.hpp"
#include "search/report/networks/constraints_report.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string name;
  std::vector<std::string> plugins;
  bool as_json = false;
};

registry::ConstraintRegistry registry_with(const std::vector<std::string>& plugins) {
  registry::ConstraintRegistry registry;
  for (const std::string& path : plugins) registry.load_plugin(path);
  return registry;
}

int list(const Options& options) {
  const registry::ConstraintRegistry registry = registry_with(options.plugins);
  std::fputs((options.as_json ? report::networks::constraints_json(registry).dump(2) + "\n"
                              : report::networks::constraints_text(registry))
                 .c_str(),
             stdout);
  return kDone;
}

int describe(const Options& options) {
  const registry::ConstraintRegistry registry = registry_with(options.plugins);
  const constraints::ConstraintInfo& info = registry.describe(options.name);
  std::fputs((options.as_json ? report::networks::constraint_json(info).dump(2) + "\n"
                              : report::networks::constraint_text(info))
                 .c_str(),
             stdout);
  return kDone;
}

}  // namespace

void add_constraints(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("constraints", "List the kinds of constraints and how each one measures");
  command->require_subcommand(0, 1);
  command->add_option("--plugin", options->plugins, "also load this plugin");
  command->add_flag("--json", options->as_json, "print JSON");
  CLI::App* list_command = command->add_subcommand("list", "list all kinds (the default)");
  CLI::App* describe_command = command->add_subcommand("describe", "describe one kind");
  describe_command->add_option("NAME", options->name, "constraint")->required();
  for (CLI::App* sub : {list_command, describe_command}) {
    sub->add_flag("--json", options->as_json, "print JSON");
    sub->add_option("--plugin", options->plugins, "also load this plugin");
  }
  command->callback([options, describe_command, &exit_code] {
    exit_code = describe_command->parsed() ? describe(*options) : list(*options);
  });
}

}  // namespace gensynth::command
