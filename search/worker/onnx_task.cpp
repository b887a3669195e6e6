#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/run_network.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/companion/messages.hpp"
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
    double scale = 1e-30;  // where all outputs are zero
    for (const float value : a[i]) scale = std::max(scale, static_cast<double>(std::abs(value)));
    for (std::size_t j = 0; j < a[i].size(); ++j) {
      const double difference = std::abs(static_cast<double>(a[i][j]) - b[i][j]);
      if (!(difference <= worst * scale)) worst = difference / scale;  // NaN counts as a difference
    }
  }
  return worst;
}

}  // namespace

void run_onnx_task(const nlohmann::json& json, companion::Reply& reply) {
  const companion::OnnxRequest request = companion::onnx_request_from_json(json);
  const run::NetworkRef net = run::resolve_network(request.network);
  const Weights weights =
      net.weights.empty() ? initial_weights(net.architecture, request.seed) : weights::read_safetensors(net.weights);
  check_weights(net.architecture, weights, net.weights.empty() ? "initial weights" : net.weights);
  libtorch::set_up_torch_process();

  const std::string temporary = request.out + ".tmp" + std::to_string(::getpid());
  onnx::write_onnx(net.architecture, weights, temporary);
  const Shape shape = net.architecture.shape(net.architecture.input());
  Rng rng(derive_seed(request.seed, 0, "verify"));
  std::vector<std::vector<float>> inputs(kInputs, std::vector<float>(static_cast<std::size_t>(shape.elements())));
  for (auto& input : inputs) {
    for (float& value : input) value = static_cast<float>(standard_normal(rng));
  }
  companion::OnnxResult result;
  const auto run =
      onnx::run_onnx(temporary, inputs, {1, shape.channels, shape.height, shape.width}, result.not_verified);
  if (run) {
    const double difference =
        largest_difference(libtorch::run_network(net.architecture, weights, inputs), run->outputs);
    if (!(difference <= kTolerance)) {
      fs::remove(temporary);
      throw Error(request.out + ": refused: LibTorch and " + run->runtime + " differ by " + std::to_string(difference) +
                  " (at most " + std::to_string(kTolerance) + " is accepted)");
    }
    result = {run->runtime, kInputs, difference, ""};
  }
  fs::rename(temporary, request.out);
  reply.result(to_json(result));
}

}  // namespace gensynth::worker
