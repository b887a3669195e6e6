#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "search/analysis/network_profile.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/command/shared/flags.hpp"
#include "search/report/networks/profile_report.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string net;
  latency::LatencyTarget target;
  int px = 0;
  bool as_given = false;
  bool as_json = false;
  bool by_stage = false;
  std::string svg;
};

int profile(const Options& options) {
  run::NetworkRef net = run::resolve_network(options.net);
  shared::warn_of_damage(net.damaged);
  run::check_not_read(options.svg, run::files_of(options.net));
  run::check_not_read(options.svg, {options.target.device});
  Architecture architecture = std::move(net.architecture);
  if (options.px > 0) architecture = architecture.at_resolution(options.px);
  const analysis::NetworkProfile profile = analysis::profile_network(
      std::move(architecture), options.target, options.as_given ? Form::as_given : Form::deployed);
  if (!options.svg.empty()) {
    write_file_atomically(options.svg, to_svg(report::networks::profile_chart(profile)));
    std::fprintf(stderr, "wrote %s\n", options.svg.c_str());
  }
  std::fputs((options.as_json ? report::networks::profile_json(profile).dump(2) + "\n"
                              : report::networks::profile_text(profile, options.by_stage))
                 .c_str(),
             stdout);
  return kDone;
}

}  // namespace

void add_profile(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("profile", "Print cost and predicted latency of a network, layer by layer");
  command->add_option("NET", options->net, "architecture file, zoo:NAME, RUN or RUN#TRIAL")->required();
  shared::add_target_options(*command, options->target);
  command->add_option("--input", options->px, "resolution, if not the network's own")->check(CLI::Range(1, 4096));
  command->add_flag("--as-given", options->as_given, "predict the network as given, not folded for deployment");
  command->add_flag("--by-stage", options->by_stage, "one row per stage");
  command->add_option("--svg", options->svg, "draw where the time goes into this file");
  command->add_flag("--json", options->as_json, "print JSON");
  command->callback([options, &exit_code] { exit_code = profile(*options); });
}

}  // namespace gensynth::command
