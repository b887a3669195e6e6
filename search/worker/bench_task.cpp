#include <cstdio>
#include <filesystem>
#include <map>
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
#include "search/command/exit_code.hpp"
#include "search/report/console.hpp"
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

/// The name of the rows, unless the version has it already.
std::string runtime_text(const timing::BenchReport& report) {
  const std::string& version = report.results.front().samples.runtime;
  return version.rfind(report.runtime, 0) == 0 ? version : report.runtime + ", " + version;
}

std::string as_text(const timing::BenchReport& report) {
  report::Table table({"network", "input", "median ms", "deviation", "minimum", "cpu median", "cpu minimum", "runs"});
  for (const timing::BenchResult& result : report.results) {
    const timing::TimingSummary wall = timing::summarise(result.samples.wall_ms);
    const timing::TimingSummary cpu = timing::summarise(result.samples.cpu_ms);
    table.row({result.network, std::to_string(result.px), report::number_text(wall.median, 3),
               report::number_text(wall.deviation, 3), report::number_text(wall.minimum, 3),
               report::number_text(cpu.median, 3), report::number_text(cpu.minimum, 3), std::to_string(wall.runs)});
  }
  return table.text() + "\nmeasured: " + runtime_text(report) + ", " + std::to_string(report.options.threads) +
         (report.options.threads == 1 ? " thread" : " threads") + ", fp32, batch 1, " +
         std::to_string(report.options.warmup) + " warm-up runs, " + std::to_string(report.rounds) +
         (report.rounds == 1 ? " round\n" : " rounds\n");
}

void show_progress(int round, const timing::BenchReport& report, const timing::BenchResult& result) {
  if (!report::is_terminal(2)) return;
  std::fprintf(stderr, "\r\033[Kround %d of %d: %s", round + 1, report.rounds, result.network.c_str());
}

}  // namespace

int run_bench_task(const nlohmann::json& request) {
  timing::BenchReport report;
  const auto runtime = request.at("runtime").get<std::string>();
  const bool torch = runtime != "onnxruntime";
  const libtorch::TorchKernels kernels =
      runtime == "libtorch-native" ? libtorch::TorchKernels::native : libtorch::TorchKernels::onednn;
  report.runtime = torch ? libtorch::torch_runtime_name(kernels) : runtime;
  report.options.threads = request.at("threads").get<int>();
  report.options.warmup = request.at("warmup").get<int>();
  report.options.repeats = request.at("repeats").get<int>();
  report.options.min_seconds = request.at("min_seconds").get<double>();
  report.rounds = request.at("rounds").get<int>();
  report.clock_ghz = request.at("clock_ghz").get<double>();
  report.statistic = timing::bench_statistic(request.at("statistic").get<std::string>());
  report.host = timing::host_context();
  const auto nets = request.at("nets").get<std::vector<std::string>>();
  const int px = request.at("px").get<int>();
  const auto seed = request.at("seed").get<std::uint64_t>();

  const TemporaryFolder models("bench");  // kept between rounds
  const auto model_of = [&](std::size_t index) { return models.file(std::to_string(index) + ".onnx"); };
  report.results.resize(nets.size());
  for (int round = 0; round < report.rounds; ++round) {
    for (std::size_t i = 0; i < nets.size(); ++i) {
      timing::BenchResult& result = report.results[i];
      result.network = nets[i].rfind("zoo:", 0) == 0 ? nets[i].substr(4) : nets[i];
      show_progress(round, report, result);
      const Subject subject = subject_of(nets[i], px, seed);
      result.px = subject.folded.architecture.shape(subject.folded.architecture.input()).height;
      append(result.samples, torch ? libtorch::time_network(subject.folded.architecture, subject.folded.weights,
                                                            subject.input, report.options, kernels)
                                   : time_in_onnxruntime(subject, model_of(i), report.options));
      if (round + 1 == report.rounds) fs::remove(model_of(i));
    }
  }
  if (report::is_terminal(2)) std::fputs("\r\033[K", stderr);

  const std::string format = request.at("format").get<std::string>();
  if (format == "json") {
    std::printf("%s\n", to_json(report).dump(2).c_str());
    return command::kDone;
  }
  std::fputs(to_text(report.host).c_str(), stderr);
  std::fputs((format == "csv" ? timing::to_csv(report) : as_text(report)).c_str(), stdout);
  return command::kDone;
}

}  // namespace gensynth::worker
