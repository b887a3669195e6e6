#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/run_network.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/command/exit_code.hpp"
#include "search/run/network_ref.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 1e-4;  // of the largest output
constexpr int kInputs = 4;

/// The largest difference, relative to the largest output.
double largest_difference(const std::vector<std::vector<float>>& a, const std::vector<std::vector<float>>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].size() != b[i].size()) throw Error("ONNX Runtime and LibTorch give outputs of different sizes");
    double scale = 1e-30;  // of outputs that are all zero
    for (const float value : a[i]) scale = std::max(scale, static_cast<double>(std::abs(value)));
    for (std::size_t j = 0; j < a[i].size(); ++j) {
      const double difference = std::abs(static_cast<double>(a[i][j]) - b[i][j]);
      if (!(difference <= worst * scale)) worst = difference / scale;  // NaN counts as a difference
    }
  }
  return worst;
}

}  // namespace

int run_onnx_task(const nlohmann::json& request) {
  const run::NetworkRef net = run::resolve_network(request.at("net").get<std::string>());
  const std::string out = request.at("out").get<std::string>();
  const std::uint64_t seed = request.value("seed", std::uint64_t{1});
  const bool quiet = request.value("quiet", false);
  const Weights weights =
      net.weights.empty() ? initial_weights(net.architecture, seed) : weights::read_safetensors(net.weights);
  check_weights(net.architecture, weights, net.weights.empty() ? "initial weights" : net.weights);
  libtorch::set_up_torch_process();

  const std::string temporary = out + ".tmp" + std::to_string(::getpid());
  onnx::write_onnx(net.architecture, weights, temporary);
  const Shape shape = net.architecture.shape(net.architecture.input());
  Rng rng(derive_seed(seed, 0, "verify"));
  std::vector<std::vector<float>> inputs(kInputs, std::vector<float>(static_cast<std::size_t>(shape.elements())));
  for (auto& input : inputs) {
    for (float& value : input) value = static_cast<float>(standard_normal(rng));
  }
  std::string why_not;
  const auto run = onnx::run_onnx(temporary, inputs, {1, shape.channels, shape.height, shape.width}, why_not);
  if (run) {
    const double difference =
        largest_difference(libtorch::run_network(net.architecture, weights, inputs), run->outputs);
    if (!(difference <= kTolerance)) {
      fs::remove(temporary);
      throw Error(out + ": refused: LibTorch and " + run->runtime + " differ by " + std::to_string(difference) +
                  " (at most " + std::to_string(kTolerance) + " is accepted)");
    }
    std::printf("verified with %s on %d random inputs: largest difference %.2g\n", run->runtime.c_str(), kInputs,
                difference);
  } else {
    std::printf("not verified: %s\n", why_not.c_str());
  }
  fs::rename(temporary, out);
  if (!quiet) std::printf("wrote %s\n", out.c_str());
  return command::kDone;
}

}  // namespace gensynth::worker
