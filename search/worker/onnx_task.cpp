#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "architecture/base/random.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/run_network.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/command/exit_code.hpp"
#include "search/run/network_ref.hpp"
#include "search/worker/agreement.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

constexpr int kInputs = 4;

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

  const std::string bytes = onnx::onnx_model(net.architecture, weights);
  const TemporaryFolder scratch("onnx_export");
  const std::string written = scratch.file("model.onnx");
  write_file_atomically(written, bytes);
  const Shape shape = net.architecture.shape(net.architecture.input());
  Rng rng(derive_seed(seed, 0, "verify"));
  std::vector<std::vector<float>> inputs(kInputs, std::vector<float>(static_cast<std::size_t>(shape.elements())));
  for (auto& input : inputs) {
    for (float& value : input) value = static_cast<float>(standard_normal(rng));
  }
  std::string why_not;
  const auto run = onnx::run_onnx(written, inputs, {1, shape.channels, shape.height, shape.width}, why_not);
  if (run) {
    check_agreement(libtorch::run_network(net.architecture, weights, inputs), run->outputs, run->runtime, out);
  } else {
    std::printf("not verified: %s\n", why_not.c_str());
  }
  write_file_atomically(out, bytes);
  if (!quiet) std::printf("wrote %s\n", out.c_str());
  return command::kDone;
}

}  // namespace gensynth::worker
