#include <cstdio>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/serialize.hpp"
#include "runtime/drawing/drawing.hpp"
#include "runtime/tflite/writer.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/command/command.hpp"
#include "search/companion/calls.hpp"
#include "search/report/networks/training_report.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string net;
  std::string format;
  std::string out;
  std::int64_t seed = 1;
  bool untrained = false;
  bool folded = false;
  // of tflite
  int batch = 1;
  int px = 0;
  std::string input = "normalised";
  std::vector<double> mean, deviation;
  std::string precision = "fp32";
};

void export_weights(const run::NetworkRef& net, const Options& options) {
  const bool untrained = net.weights.empty();
  Weights weights = untrained ? initial_weights(net.architecture, static_cast<std::uint64_t>(options.seed))
                              : weights::read_safetensors(net.weights);
  check_weights(net.architecture, weights, untrained ? "initial weights" : net.weights);
  if (options.folded) weights = fold(net.architecture, weights).weights;
  weights::write_safetensors(weights, options.out, untrained ? "untrained" : net.architecture.name());
}

void export_architecture(const run::NetworkRef& net, const Options& options) {
  const Architecture architecture = options.folded ? fold(net.architecture) : net.architecture;
  if (options.format == "json") {
    // A genotype builds the unfolded network: a folded one has none.
    write_architecture(architecture, options.out,
                       options.folded ? space::Genotype{} : net.genotype.value_or(space::Genotype{}));
  } else {
    write_file_atomically(options.out,
                          options.format == "dot" ? drawing::to_dot(architecture) : drawing::to_svg(architecture));
  }
}

tflite::Options tflite_options(const Options& options) {
  tflite::Options result;
  result.batch = options.batch;
  for (const auto kind : {tflite::ImageInput::unit, tflite::ImageInput::uint8}) {
    if (options.input == tflite::to_string(kind)) result.input = kind;
  }
  if (result.input != tflite::ImageInput::normalised) {
    if (options.mean.empty() || options.deviation.empty()) {
      throw Error("--input " + options.input + " needs --mean and --std, the normalisation that the file then does");
    }
    result.mean.assign(options.mean.begin(), options.mean.end());
    result.deviation.assign(options.deviation.begin(), options.deviation.end());
  }
  if (options.precision == "fp16") result.precision = tflite::Precision::float16;
  return result;
}

/// Formats that gensynth-torch writes, because it verifies them.
companion::ExportResult export_deployed(const Options& options) {
  const auto seed = static_cast<std::uint64_t>(options.seed);
  if (options.format == "onnx") return companion::export_onnx({options.net, options.out, seed});
  return companion::export_tflite({options.net, options.out, seed, options.px, tflite_options(options)});
}

int run_export(const Options& options) {
  const run::NetworkRef net = run::resolve_network(options.net);
  const bool needs_weights = options.format == "onnx" || options.format == "tflite" || options.format == "safetensors";
  if (needs_weights && net.weights.empty() && !options.untrained) {
    throw Error(options.net + ": there are no weights for it" +
                (net.trial ? " (a run keeps those of its best trials)" : "") +
                "; --untrained exports it with initial values");
  }
  if (options.format == "onnx" || options.format == "tflite") {
    std::fputs(report::networks::export_text(export_deployed(options), options.out).c_str(), stdout);
    return kDone;
  }
  if (options.format == "safetensors") {
    export_weights(net, options);
  } else {
    export_architecture(net, options);
  }
  std::printf("wrote %s\n", options.out.c_str());
  return kDone;
}

}  // namespace

void add_export(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("export", "Write a network as ONNX, TensorFlow Lite, JSON, DOT, SVG or safetensors");
  command->add_option("NET", options->net, "architecture file, zoo:NAME, RUN or RUN#TRIAL")->required();
  command->add_option("--format", options->format, "onnx, tflite, json, dot, svg or safetensors")
      ->required()
      ->check(CLI::IsMember({"onnx", "tflite", "json", "dot", "svg", "safetensors"}));
  command->add_option("--out", options->out, "file to write")->required();
  command->add_flag(
      "--folded", options->folded,
      "as deployed: batch norms, identities and parallel linear branches folded (onnx and tflite always are)");
  command->add_flag("--untrained", options->untrained, "write initial values if there are no weights");
  command->add_option("--seed", options->seed, "seed of initial values")->capture_default_str();
  const std::vector<CLI::Option*> of_tflite{
      command->add_option("--batch", options->batch, "tflite: images of one inference")
          ->capture_default_str()
          ->check(CLI::Range(1, 4096)),
      command->add_option("--input-px", options->px, "tflite: size of the images, if not the network's own")
          ->check(CLI::Range(1, 4096)),
      command
          ->add_option("--input", options->input,
                       "tflite: what an image is: normalised, unit (0 to 1) or uint8 (0 to 255)")
          ->capture_default_str()
          ->check(CLI::IsMember({"normalised", "unit", "uint8"})),
      command->add_option("--mean", options->mean, "tflite: mean of each channel, needed for unit and uint8")
          ->delimiter(','),
      command->add_option("--std", options->deviation, "tflite: standard deviation of each channel")->delimiter(','),
      command->add_option("--precision", options->precision, "tflite: precision of the weights, fp32 or fp16")
          ->capture_default_str()
          ->check(CLI::IsMember({"fp32", "fp16"}))};
  command->callback([options, of_tflite, &exit_code] {
    for (const CLI::Option* option : of_tflite) {
      if (option->count() > 0 && options->format != "tflite") {
        throw Error(option->get_name() + " applies to --format tflite, not " + options->format);
      }
    }
    exit_code = run_export(*options);
  });
}

}  // namespace gensynth::command
