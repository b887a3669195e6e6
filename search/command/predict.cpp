#include <cstdio>
#include <nlohmann/json.hpp>

#include "search/analysis/network_prediction.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/report/networks/prediction_report.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::vector<std::string> nets;
  int px = 0;
  bool as_json = false;
};

int predict(const Options& options) {
  std::vector<analysis::NetworkPrediction> predictions;
  for (const std::string& net : options.nets) {
    predictions.push_back(analysis::predict_network(net, options.px));
    shared::warn_of_damage(predictions.back().damaged);
  }
  if (!options.as_json) {
    std::fputs(report::networks::prediction_text(predictions).c_str(), stdout);
    return kDone;
  }
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const analysis::NetworkPrediction& p : predictions) json.push_back(report::networks::prediction_json(p));
  std::printf("%s\n", (predictions.size() == 1 ? json.front() : json).dump(2).c_str());
  return kDone;
}

}  // namespace

void add_predict(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("predict", "Predict the ImageNet top-1 of networks, with its interval");
  command->add_option("NET", options->nets, "architecture files, zoo:NAME, RUN or RUN#TRIAL")->required();
  command->add_option("--input", options->px, "resolution, if not the network's own")->check(CLI::Range(1, 4096));
  command->add_flag("--json", options->as_json, "print JSON: one object, or an array for several networks");
  command->callback([options, &exit_code] { exit_code = predict(*options); });
}

}  // namespace gensynth::command
