#include <cstdio>
#include <nlohmann/json.hpp>

#include "search/command/command.hpp"
#include "search/command/trained/data_flag.hpp"
#include "search/command/trained/quantise_flags.hpp"
#include "search/companion/calls.hpp"
#include "search/report/networks/quantise_report.hpp"

namespace gensynth::command::trained {
namespace {

struct Options {
  QuantiseFlags flags;
  bool as_json = false;
  companion::QuantiseRequest request;
};

int quantise(const Options& options) {
  companion::QuantiseRequest request = options.request;
  const run::NetworkRef net = run::resolve_network(request.network);
  request.quantisation = options.flags.request(request.network, net);
  request.own_images = names_images(options.flags.named(request.network, net));
  const companion::QuantiseResult result = companion::quantise(request, {});
  std::fputs((options.as_json ? report::networks::quantise_json(request.network, result).dump(2) + "\n"
                              : report::networks::quantise_text(request.network, result))
                 .c_str(),
             stdout);
  return kDone;
}

}  // namespace

void add_quantise(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  companion::QuantiseRequest& request = options->request;
  CLI::App* command = program.add_subcommand(
      "quantise", "Report what 8-bit integers cost a trained network: accuracy, noise by layer, bytes");
  command->add_option("NET", request.network, "architecture file, RUN or RUN#TRIAL")->required();
  options->flags.add_to(*command, "");
  command
      ->add_option(
          "--split", request.split,
          "images that the accuracy is measured on, as of evaluate: validation, holdout, training, all or auto")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "validation", "holdout", "training", "all"}));
  command->add_option("--mean", request.mean, "of each channel, instead of the recorded one")->delimiter(',');
  command->add_option("--std", request.deviation, "standard deviation of each channel, instead of the recorded one")
      ->delimiter(',');
  command->add_flag("--json", options->as_json, "print JSON");
  command->callback([options, &exit_code] { exit_code = quantise(*options); });
}

}  // namespace gensynth::command::trained
