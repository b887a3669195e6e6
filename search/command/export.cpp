#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/serialize.hpp"
#include "runtime/drawing/drawing.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/command/command.hpp"
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
    // The decisions build the network unfolded.
    write_architecture(architecture, options.out,
                       options.folded ? space::Genotype{} : net.genotype.value_or(space::Genotype{}));
  } else {
    write_file_atomically(options.out,
                          options.format == "dot" ? drawing::to_dot(architecture) : drawing::to_svg(architecture));
  }
}

int run_export(const Options& options) {
  const run::NetworkRef net = run::resolve_network(options.net);
  const bool needs_weights = options.format == "onnx" || options.format == "safetensors";
  if (needs_weights && net.weights.empty() && !options.untrained) {
    throw Error(options.net + ": there are no weights for it" +
                (net.trial ? " (a run keeps those of its best trials)" : "") +
                "; --untrained exports it with initial values");
  }
  if (options.format == "onnx") {  // which folds
    const nlohmann::json request = {{"net", options.net}, {"out", options.out}, {"seed", options.seed}};
    return run_companion("onnx", request.dump());
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
  CLI::App* command = program.add_subcommand("export", "Write a network as ONNX, JSON, DOT, SVG or safetensors");
  command->add_option("NET", options->net, "architecture file, zoo:NAME, RUN or RUN#TRIAL")->required();
  command->add_option("--format", options->format, "onnx, json, dot, svg or safetensors")
      ->required()
      ->check(CLI::IsMember({"onnx", "json", "dot", "svg", "safetensors"}));
  command->add_option("--out", options->out, "file to write")->required();
  command->add_flag("--folded", options->folded,
                    "as deployed: batch norms, identities and parallel linear branches folded (onnx always is)");
  command->add_flag("--untrained", options->untrained, "with initial values when there are no weights");
  command->add_option("--seed", options->seed, "of initial values")->capture_default_str();
  command->callback([options, &exit_code] { exit_code = run_export(*options); });
}

}  // namespace gensynth::command
