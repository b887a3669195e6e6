#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "search/analysis/network_comparison.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/command/shared/flags.hpp"
#include "search/report/networks/comparison_report.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command {
namespace {

struct Options {
  analysis::ComparisonRequest request;
  std::string svg;
  bool as_given = false;
  bool as_json = false;
  bool as_csv = false;
};

int compare(Options options) {
  if (options.as_given) options.request.form = Form::as_given;
  std::vector<std::string> networks = options.request.networks;
  networks.push_back(options.request.reference);
  for (const std::string& net : networks) run::check_not_read(options.svg, run::files_of(net));
  run::check_not_read(options.svg, {options.request.target.device});
  const analysis::NetworkComparison comparison = analysis::compare_networks(options.request);
  for (const analysis::ComparedNetwork& net : comparison.networks) shared::warn_of_damage(net.damaged);
  if (!options.svg.empty()) {
    write_file_atomically(options.svg, to_svg(report::networks::comparison_chart(comparison)));
    std::fprintf(stderr, "wrote %s\n", options.svg.c_str());
  }
  std::fputs((options.as_json  ? report::networks::comparison_json(comparison).dump(2) + "\n"
              : options.as_csv ? report::networks::comparison_csv(comparison)
                               : report::networks::comparison_text(comparison))
                 .c_str(),
             stdout);
  return kDone;
}

}  // namespace

void add_compare(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  options->request.runtimes = {options->request.target.runtime};
  options->request.threads = {options->request.target.threads};
  CLI::App* command = program.add_subcommand("compare", "Compare networks on one or several runtimes");
  command->add_option("NET", options->request.networks, "architecture files, zoo:NAME, RUN or RUN#TRIAL")->required();
  command->add_option("--device", options->request.target.device, "device to predict for, or a device file")
      ->capture_default_str();
  command->add_option("--runtime", options->request.runtimes, "inference runtimes, separated by commas; or 'all'")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--threads", options->request.threads, "threads of one inference, separated by commas")
      ->delimiter(',')
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command->add_option("--clock-ghz", options->request.target.clock_ghz, "core clock")
      ->capture_default_str()
      ->check(shared::number_between(0.1, 10));
  shared::add_precision_option(*command, options->request.target.precision, all_precisions(),
                               "number format, one that the device file has");
  command->add_option("--relative-to", options->request.reference,
                      "network whose throughput is 1 (default: the first)");
  CLI::Option* folded = command->add_flag("--folded", options->request.folded,
                                          "count size as deployed too, as export --folded leaves it");
  command->add_flag("--as-given", options->as_given, "predict networks as given, not folded for deployment")
      ->excludes(folded);
  command->add_option("--svg", options->svg, "draw throughput and size into this file");
  CLI::Option* json = command->add_flag("--json", options->as_json, "print JSON");
  command->add_flag("--csv", options->as_csv, "print CSV, one line for each network and target")->excludes(json);
  command->callback([options, &exit_code] { exit_code = compare(*options); });
}

}  // namespace gensynth::command
