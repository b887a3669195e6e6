#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "runtime/charts/confusion_chart.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/data_contents.hpp"
#include "search/command/trained/data_flag.hpp"
#include "search/companion/calls.hpp"
#include "search/report/networks/evaluation_report.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command::trained {
namespace {

struct Options {
  std::string data;
  std::string svg;
  bool as_json = false;
  companion::EvaluateRequest request;
};

int evaluate(const Options& options) {
  companion::EvaluateRequest request = options.request;
  request.data = data::data_spec_from_json(data_of(options.data), "--data", "");
  request.own_images = names_images(options.data);
  run::check_not_read(options.svg, run::files_of(request.network));
  run::check_not_read(options.svg, {options.data});
  const companion::EvaluateResult result = companion::evaluate(request, {});
  shared::print_contents(result.contents);
  if (!options.svg.empty()) {
    write_file_atomically(options.svg,
                          charts::to_svg(report::networks::evaluation_chart(options.request.network, result)));
  }
  std::fputs((options.as_json ? report::networks::evaluation_json(options.request.network, result).dump(2) + "\n"
                              : report::networks::evaluation_text(options.request.network, result))
                 .c_str(),
             stdout);
  if (!options.svg.empty() && !options.as_json) std::printf("wrote %s\n", options.svg.c_str());
  return kDone;
}

}  // namespace

void add_evaluate(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  companion::EvaluateRequest& request = options->request;
  CLI::App* command =
      program.add_subcommand("evaluate", "Measure the accuracy of a network or of an exported file on labelled images");
  command->add_option("NET", request.network, "architecture file, RUN, RUN#TRIAL, FILE.onnx or FILE.tflite")
      ->required();
  command
      ->add_option("--data", options->data,
                   "a folder or tar archive of images by class, 'drawn', a JSON object or file (as \"data\" of a job)")
      ->required();
  command
      ->add_option("--split", request.split,
                   "validation, holdout, training or all; auto: validation where there is one, else all images of a "
                   "folder or archive, and the hold-out of a JSON specification")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "validation", "holdout", "training", "all"}));
  command->add_option("--svg", options->svg, "file for a picture of the confusion matrix");
  command
      ->add_option("--input", request.input,
                   "of a file that does not state it: unit (0 to 1), uint8 (0 to 255) or normalised")
      ->check(CLI::IsMember({"normalised", "unit", "uint8"}));
  command->add_option("--mean", request.mean, "of each channel, instead of the recorded one")->delimiter(',');
  command->add_option("--std", request.deviation, "standard deviation of each channel, instead of the recorded one")
      ->delimiter(',');
  command->add_option("--device", request.device, "of LibTorch: cpu, cuda or cuda:N")->capture_default_str();
  command->add_flag("--json", options->as_json, "print JSON");
  command->callback([options, &exit_code] { exit_code = evaluate(*options); });
}

}  // namespace gensynth::command::trained
