#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "architecture/base/random.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/run_network.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/companion/messages.hpp"
#include "search/run/network_ref.hpp"
#include "search/worker/agreement.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

constexpr int kInputs = 4;

}  // namespace

void run_onnx_task(const nlohmann::json& json, companion::Reply& reply) {
  const companion::OnnxRequest request = companion::onnx_request_from_json(json);
  const run::NetworkRef net = run::resolve_network(request.network);
  const Weights weights =
      net.weights.empty() ? initial_weights(net.architecture, request.seed) : weights::read_safetensors(net.weights);
  check_weights(net.architecture, weights, net.weights.empty() ? "initial weights" : net.weights);
  libtorch::set_up_torch_process();

  const std::string bytes = onnx::onnx_model(net.architecture, weights);
  const TemporaryFolder scratch("onnx_export");
  const std::string written = scratch.file("model.onnx");
  write_file_atomically(written, bytes);
  const Shape shape = net.architecture.shape(net.architecture.input());
  Rng rng(derive_seed(request.seed, 0, "verify"));
  std::vector<std::vector<float>> inputs(kInputs, std::vector<float>(static_cast<std::size_t>(shape.elements())));
  for (auto& input : inputs) {
    for (float& value : input) value = static_cast<float>(standard_normal(rng));
  }
  companion::ExportResult result;
  const auto run = onnx::run_onnx(written, inputs, {1, shape.channels, shape.height, shape.width}, result.not_verified);
  if (run) {
    result.largest_difference = check_agreement(libtorch::run_network(net.architecture, weights, inputs), run->outputs,
                                                run->runtime, request.out);
    result.runtime = run->runtime;
    result.inputs = kInputs;
  }
  write_file_atomically(request.out, bytes);
  reply.result(to_json(result));
}

}  // namespace gensynth::worker
