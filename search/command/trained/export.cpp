#include <charconv>
#include <cstdio>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/serialize.hpp"
#include "runtime/drawing/drawing.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/command/shared/flags.hpp"
#include "search/command/trained/quantise_flags.hpp"
#include "search/companion/calls.hpp"
#include "search/report/networks/training_report.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command::trained {
namespace {

struct Options {
  std::string format;
  bool untrained = false;
  bool folded = false;
  std::int64_t seed = 1;
  std::string batch = "1";
  companion::ExportRequest request;  ///< what the user gave of it
  QuantiseFlags quantise;
};

void export_weights(const run::NetworkRef& net, const Options& options) {
  const bool untrained = net.weights.empty();
  Weights weights = untrained ? initial_weights(net.architecture, static_cast<std::uint64_t>(options.seed))
                              : weights::read_safetensors(net.weights);
  check_weights(net.architecture, weights, untrained ? "initial weights" : net.weights);
  if (options.folded) weights = fold(net.architecture, weights).weights;
  std::map<std::string, std::string> metadata{{"network", net.architecture.name()}};
  if (untrained) metadata.emplace("untrained", "initial values of seed " + std::to_string(options.seed));
  if (net.card) metadata.merge(card_metadata(*net.card));
  weights::write_safetensors(weights, options.request.out, metadata);
}

void export_architecture(const run::NetworkRef& net, const Options& options) {
  const Architecture architecture = options.folded ? fold(net.architecture) : net.architecture;
  if (options.format == "json") {
    // A genotype builds the unfolded network: a folded one has none.
    write_architecture(architecture, options.request.out,
                       options.folded ? space::Genotype{} : net.genotype.value_or(space::Genotype{}), net.card);
  } else {
    write_file_atomically(options.request.out,
                          options.format == "dot" ? drawing::to_dot(architecture) : drawing::to_svg(architecture));
  }
}

bool is_deployed(const std::string& format) { return format == "onnx" || format == "tflite"; }

companion::ExportRequest request_of(const Options& options) {
  companion::ExportRequest request = options.request;
  request.seed = static_cast<std::uint64_t>(options.seed);
  if (options.batch == "dynamic") {
    if (options.format == "tflite") {
      throw Error("--batch dynamic applies to --format onnx; a TensorFlow Lite file has a fixed batch, --batch N");
    }
    request.batch = lowering::kAnyBatch;
    return request;
  }
  constexpr int kMost = 4096;
  const std::string& text = options.batch;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), request.batch);
  if (error != std::errc() || end != text.data() + text.size() || request.batch < 1 || request.batch > kMost) {
    throw Error("--batch " + text + ": expected a whole number from 1 to 4096, or dynamic");
  }
  return request;
}

/// Formats that gensynth-torch writes, because it verifies them.
companion::ExportResult export_deployed(const Options& options, const run::NetworkRef& net) {
  companion::ExportRequest request = request_of(options);
  if (request.precision == Precision::int8) request.quantisation = options.quantise.request(request.network, net);
  return options.format == "onnx" ? companion::export_onnx(request) : companion::export_tflite(request);
}

int run_export(const Options& options) {
  const run::NetworkRef net = run::resolve_network(options.request.network);
  shared::warn_of_damage(net.damaged);
  run::check_not_read(options.request.out, run::files_of(options.request.network));
  run::check_not_read(options.request.out, {net.weights});
  const bool needs_weights = is_deployed(options.format) || options.format == "safetensors";
  if (needs_weights && net.weights.empty() && !options.untrained) {
    throw Error(options.request.network + ": there are no weights for it" +
                (net.trial ? " (a run keeps those of its best trials)" : "") +
                "; --untrained exports it with initial values");
  }
  if (is_deployed(options.format)) {
    std::fputs(report::networks::export_text(export_deployed(options, net), options.request.out).c_str(), stdout);
    return kDone;
  }
  if (options.format == "safetensors") {
    export_weights(net, options);
  } else {
    export_architecture(net, options);
  }
  std::printf("wrote %s\n", options.request.out.c_str());
  return kDone;
}

}  // namespace

void add_export(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("export", "Write a network as ONNX, TensorFlow Lite, JSON, DOT, SVG or safetensors");
  companion::ExportRequest& request = options->request;
  command->add_option("NET", request.network, "architecture file, zoo:NAME, RUN or RUN#TRIAL")->required();
  command->add_option("--format", options->format, "onnx, tflite, json, dot, svg or safetensors")
      ->required()
      ->check(CLI::IsMember({"onnx", "tflite", "json", "dot", "svg", "safetensors"}));
  command->add_option("--out", request.out, "file to write")->required();
  command->add_flag(
      "--folded", options->folded,
      "as deployed: batch norms, identities and parallel linear branches folded (onnx and tflite always are)");
  command->add_flag("--untrained", options->untrained, "write initial values if there are no weights");
  command->add_option("--seed", options->seed, "seed of initial values")
      ->capture_default_str()
      ->check(shared::seed_range());
  std::vector<CLI::Option*> of_deployed{
      command->add_option("--batch", options->batch, "onnx, tflite: images of one inference; onnx: or dynamic")
          ->capture_default_str(),
      command
          ->add_option("--input-px", request.px,
                       "onnx, tflite: size of the images, if not that of the training or the network's own")
          ->check(CLI::Range(1, 4096)),
      command
          ->add_option("--input", request.input,
                       "onnx, tflite: what an image is: unit (0 to 1), uint8 (0 to 255) or normalised by the caller; "
                       "unit unless the normalisation is not known")
          ->check(CLI::IsMember({"normalised", "unit", "uint8"})),
      command->add_option("--output", request.output, "onnx, tflite: logits, or softmax for probabilities")
          ->capture_default_str()
          ->check(CLI::IsMember({"logits", "softmax"})),
      command->add_option("--mean", request.mean, "onnx, tflite: mean of each channel, instead of the training's")
          ->delimiter(','),
      command
          ->add_option("--std", request.deviation,
                       "onnx, tflite: standard deviation of each channel, instead of the training's")
          ->delimiter(',')};
  of_deployed.push_back(
      shared::add_precision_option(*command, request.precision, all_precisions(),
                                   "onnx, tflite: fp32; fp16 for the weights; int8 for weights and values"));
  const std::vector<CLI::Option*> of_integers = options->quantise.add_to(*command, "int8: ");
  command->callback([options, of_deployed, of_integers, &exit_code] {
    for (const CLI::Option* option : of_deployed) {
      if (option->count() > 0 && !is_deployed(options->format)) {
        throw Error(option->get_name() + " applies to --format onnx and tflite, not " + options->format);
      }
    }
    for (const CLI::Option* option : of_integers) {
      if (option->count() > 0 && options->request.precision != Precision::int8) {
        throw Error(option->get_name() + " applies to --precision int8, not " + to_string(options->request.precision));
      }
    }
    exit_code = run_export(*options);
  });
}

}  // namespace gensynth::command::trained
