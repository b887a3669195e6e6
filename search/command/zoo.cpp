#include "architecture/zoo/zoo.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/joined.hpp"
#include "architecture/serialize.hpp"
#include "runtime/timing/kernel_suite.hpp"
#include "search/command/command.hpp"
#include "search/report/networks/zoo_report.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string name;
  bool as_json = false;
};

int list(const Options& options) {
  std::vector<report::networks::ZooEntry> entries;
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) entries.push_back({facts, cost(zoo::zoo_network(facts.name))});
  std::fputs(
      (options.as_json ? report::networks::zoo_json(entries).dump(2) + "\n" : report::networks::zoo_text(entries))
          .c_str(),
      stdout);
  return kDone;
}

int show(Options options) {
  if (options.name.starts_with("zoo:")) options.name.erase(0, 4);
  const Architecture network = timing::named_network(options.name);
  const auto& known = zoo::zoo_list();
  const auto facts =
      std::find_if(known.begin(), known.end(), [&](const zoo::ZooFacts& f) { return f.name == options.name; });
  std::fputs((options.as_json
                  ? to_text(network)
                  : report::networks::zoo_network_text(options.name, network, facts != known.end() ? &*facts : nullptr))
                 .c_str(),
             stdout);
  return kDone;
}

}  // namespace

void add_zoo(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("zoo", "List the reference networks of the program");
  command->require_subcommand(0, 1);
  command->footer(
      "Not in the list, and named by what they are: nb201:CELL, ofa-mbv3:ks=...,e=...,d=...,px=...,\n"
      "ncnn-NAME (ncnn-resnet50: as ncnn's benchmark has it), kernel:KIND-cC-pxP; docs/cli.md.\n"
      "KIND: " +
      joined(timing::kernel_kinds()));
  command->add_flag("--json", options->as_json, "print JSON");
  CLI::App* list_command = command->add_subcommand("list", "list all networks (the default)");
  CLI::App* show_command = command->add_subcommand("show", "show one network; --json prints its architecture file");
  show_command->add_option("NAME", options->name, "network")->required();
  for (CLI::App* sub : {list_command, show_command}) sub->add_flag("--json", options->as_json, "print JSON");
  command->callback(
      [options, show_command, &exit_code] { exit_code = show_command->parsed() ? show(*options) : list(*options); });
}

}  // namespace gensynth::command
