#include "architecture/zoo/zoo.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/joined.hpp"
#include "architecture/cost.hpp"
#include "architecture/serialize.hpp"
#include "runtime/timing/kernel_suite.hpp"
#include "search/command/command.hpp"
#include "search/report/console.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string name;
  bool as_json = false;
};

nlohmann::ordered_json facts_json(const zoo::ZooFacts& facts, const Cost& total) {
  nlohmann::ordered_json result = {{"name", facts.name},
                                   {"family", facts.family},
                                   {"px", facts.px},
                                   {"params", total.params},
                                   {"macs", total.macs},
                                   {"top1", nullptr},
                                   {"top1_source", facts.top1_source},
                                   {"source", facts.source}};
  if (facts.top1) result["top1"] = *facts.top1;
  return result;
}

int list(const Options& options) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  report::Table table({"network", "family", "px", "params", "MACs", "ImageNet top-1 (published)"});
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    const Cost total = cost(zoo::zoo_network(facts.name));
    all.push_back(facts_json(facts, total));
    table.row({facts.name, facts.family, std::to_string(facts.px),
               report::count_text(static_cast<double>(total.params)),
               report::count_text(static_cast<double>(total.macs)),
               facts.top1 ? report::number_text(*facts.top1, 1) + " %" : "-"});
  }
  std::printf("%s", options.as_json ? (all.dump(2) + "\n").c_str() : table.text().c_str());
  return kDone;
}

int show(Options options) {
  if (options.name.starts_with("zoo:")) options.name.erase(0, 4);
  const Architecture network = timing::named_network(options.name);
  if (options.as_json) {
    std::printf("%s", to_text(network).c_str());
    return kDone;
  }
  const Cost total = cost(network);
  std::printf("%s: %s input, %d vertices, %s parameters, %s MACs\n",
              report::styled(options.name, report::Style::bold).c_str(), to_string(network.shape(0)).c_str(),
              network.size(), report::count_text(static_cast<double>(total.params)).c_str(),
              report::count_text(static_cast<double>(total.macs)).c_str());
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    if (facts.name != options.name) continue;
    if (facts.top1) std::printf("ImageNet top-1 %.1f %% (%s)\n", *facts.top1, facts.top1_source.c_str());
    std::printf("layer table: %s\n", facts.source.c_str());
  }
  return kDone;
}

}  // namespace

void add_zoo(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("zoo", "The reference networks that ship in the program");
  command->require_subcommand(0, 1);
  command->footer(
      "Not in the list, and named by what they are: nb201:CELL, ofa-mbv3:ks=...,e=...,d=...,px=...,\n"
      "ncnn-NAME (ncnn-resnet50: as ncnn's benchmark has it), kernel:KIND-cC-pxP; docs/cli.md.\n"
      "KIND: " +
      joined(timing::kernel_kinds()));
  command->add_flag("--json", options->as_json, "for machines");
  CLI::App* list_command = command->add_subcommand("list", "all of them (the default)");
  CLI::App* show_command = command->add_subcommand("show", "one of them; --json prints its architecture file");
  show_command->add_option("NAME", options->name, "network")->required();
  for (CLI::App* sub : {list_command, show_command}) sub->add_flag("--json", options->as_json, "for machines");
  command->callback(
      [options, show_command, &exit_code] { exit_code = show_command->parsed() ? show(*options) : list(*options); });
}

}  // namespace gensynth::command
