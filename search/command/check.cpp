#include <cstdio>
#include <nlohmann/json.hpp>

#include "search/analysis/network_check.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/command/shared/flags.hpp"
#include "search/report/networks/check_report.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string net;
  std::string constraints;
  latency::LatencyTarget target;      ///< as the flags say
  const CLI::App* command = nullptr;  ///< reports which flags were given
  bool as_json = false;
};

/// The job's device, with what the flags say instead.
analysis::CheckSetting setting_of(const Options& options, analysis::CheckSetting setting) {
  latency::LatencyTarget& target = setting.target;
  const auto given = [&](const char* flag) { return options.command->get_option(flag)->count() > 0; };
  const latency::LatencyTarget& flags = options.target;
  if (given("--device")) {  // another device: what the job says of its own does not hold for it
    target = {};
    target.device = flags.device;
  }
  if (given("--runtime")) target.runtime = flags.runtime;
  if (given("--threads")) target.threads = flags.threads;
  if (given("--clock-ghz")) target.clock_ghz = flags.clock_ghz;
  if (given("--precision")) target.precision = flags.precision;
  return setting;
}

int check(const Options& options) {
  const run::NetworkRef network = run::resolve_network(options.net);
  shared::warn_of_damage(network.damaged);
  const analysis::Judging judging = analysis::read_judging(options.constraints, network.run);
  analysis::NetworkCheck check =
      analysis::check_network(network, judging.constraints, setting_of(options, judging.setting));
  check.rules = judging.rules;
  std::fputs(
      (options.as_json ? report::networks::check_json(check).dump(2) + "\n" : report::networks::check_text(check))
          .c_str(),
      stdout);
  return check.feasible ? kDone : kNo;
}

}  // namespace

void add_check(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "check", "Judge a network by the design rules, by constraints of a file, or a run's by its job");
  command->add_option("NET", options->net, "architecture file, zoo:NAME, RUN or RUN#TRIAL")->required();
  command->add_option("--constraints", options->constraints,
                      "JSON array of constraints, or a job, whose device is taken, too; default: the job of RUN, "
                      "or the design rules");
  options->command = command;
  shared::add_target_options(*command, options->target);
  command->add_flag("--json", options->as_json, "print JSON");
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace gensynth::command
