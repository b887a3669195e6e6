#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "architecture/rewrite/fold.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/timing/bench_report.hpp"
#include "runtime/torch/time_network.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/companion/messages.hpp"
#include "search/run/network_ref.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

namespace fs = std::filesystem;

struct Subject {
  Folded folded;
  std::vector<float> input;
};

Subject subject_of(const std::string& text, int px, std::uint64_t seed) {
  const run::NetworkRef net = run::resolve_network(text);
  const Architecture network = px > 0 ? net.architecture.at_resolution(px) : net.architecture;
  const Weights weights = net.weights.empty() ? initial_weights(network, seed) : weights::read_safetensors(net.weights);
  check_weights(network, weights, net.weights.empty() ? "initial weights" : net.weights);
  Subject subject{fold(network, weights), {}};
  Rng rng(derive_seed(seed, 0, "bench"));
  subject.input.resize(static_cast<std::size_t>(network.shape(network.input()).elements()));
  for (float& value : subject.input) value = static_cast<float>(standard_normal(rng));
  return subject;
}

timing::TimingSamples time_in_onnxruntime(const Subject& subject, const std::string& model,
                                          const timing::TimingOptions& options) {
  if (!fs::exists(model)) onnx::write_onnx(subject.folded.architecture, subject.folded.weights, model);
  const Shape shape = subject.folded.architecture.shape(subject.folded.architecture.input());
  std::string why_not;
  auto samples =
      onnx::time_onnx(model, subject.input, {1, shape.channels, shape.height, shape.width}, options, why_not);
  if (!samples) throw Error(why_not);
  return *std::move(samples);
}

void append(timing::TimingSamples& all, timing::TimingSamples more) {
  all.wall_ms.insert(all.wall_ms.end(), more.wall_ms.begin(), more.wall_ms.end());
  all.cpu_ms.insert(all.cpu_ms.end(), more.cpu_ms.begin(), more.cpu_ms.end());
  all.runtime = std::move(more.runtime);
}

}  // namespace

void run_bench_task(const nlohmann::json& json, companion::Reply& reply) {
  const companion::BenchRequest request = companion::bench_request_from_json(json);
  const bool torch = request.runtime != "onnxruntime";
  const libtorch::TorchKernels kernels =
      request.runtime == "libtorch-native" ? libtorch::TorchKernels::native : libtorch::TorchKernels::onednn;
  companion::BenchResult answer;
  answer.runtime = torch ? libtorch::torch_runtime_name(kernels) : request.runtime;
  answer.host = timing::host_context();

  const TemporaryFolder models("bench");  // kept between rounds
  const auto model_of = [&](std::size_t index) { return models.file(std::to_string(index) + ".onnx"); };
  answer.networks.resize(request.networks.size());
  for (int round = 0; round < request.rounds; ++round) {
    for (std::size_t i = 0; i < request.networks.size(); ++i) {
      const std::string& text = request.networks[i];
      timing::BenchResult& result = answer.networks[i];
      result.network = text.starts_with("zoo:") ? text.substr(4) : text;
      reply.progress(to_json(companion::BenchProgress{round + 1, result.network}));
      const Subject subject = subject_of(text, request.px, request.seed);
      result.px = subject.folded.architecture.shape(subject.folded.architecture.input()).height;
      append(result.samples, torch ? libtorch::time_network(subject.folded.architecture, subject.folded.weights,
                                                            subject.input, request.timing, kernels)
                                   : time_in_onnxruntime(subject, model_of(i), request.timing));
      if (round + 1 == request.rounds) fs::remove(model_of(i));
    }
  }
  reply.result(to_json(answer));
}

}  // namespace gensynth::worker
