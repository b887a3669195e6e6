#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/zoo/zoo.hpp"
#include "runtime/timing/bench_report.hpp"
#include "runtime/timing/kernel_suite.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/command/shared/flags.hpp"
#include "search/companion/calls.hpp"
#include "search/report/networks/bench_report.hpp"
#include "search/report/terminal.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command {
namespace {

struct Options {
  companion::BenchRequest request;
  std::vector<std::string> suites;
  double clock_ghz = 0;
  std::string statistic = "median";
  std::int64_t seed = 1;
  bool as_json = false;
  bool as_csv = false;
};

std::vector<std::string> chosen_nets(const Options& options) {
  std::vector<std::string> nets = options.request.networks;
  for (const std::string& suite : options.suites) {
    if (suite == "zoo") {
      for (const zoo::ZooFacts& facts : zoo::zoo_list()) nets.push_back("zoo:" + facts.name);
    } else {
      for (const std::string& name : timing::kernel_suite()) nets.push_back("zoo:" + name);
    }
  }
  if (nets.empty()) throw Error("bench: nothing to time, expected a NET or --suite");
  return nets;
}

/// Refuses more threads than processors: the time would be that of threads waiting for one another.
void check_threads(int threads) {
  const int usable = timing::usable_processors();
  if (threads <= usable) return;
  const int all = std::max(usable, timing::host_context().cpus);
  const std::string processors = std::to_string(all) + (all == 1 ? " processor" : " processors");
  throw Error("--threads " + std::to_string(threads) + ": " +
              (usable == all ? "this machine has " + processors
                             : "this process may use " + std::to_string(usable) + " of this machine's " + processors) +
              ", expected at most " + std::to_string(usable));
}

/// Reports bad input before gensynth-torch starts.
void check(const Options& options, const std::vector<std::string>& nets) {
  for (const std::string& text : nets) {
    const run::NetworkRef net = run::resolve_network(text);
    shared::warn_of_damage(net.damaged);
    if (options.request.px > 0) (void)net.architecture.at_resolution(options.request.px);
    if (options.as_csv && !net.run.empty()) {
      throw Error(text +
                  ": a row for `gensynth calibrate` names a file or a reference network; first `gensynth export " +
                  text + " --format json --out FILE.json`");
    }
  }
  if (options.request.timing.threads > 1 && options.statistic.starts_with("cpu")) {
    throw Error("--statistic " + options.statistic + ": processor time is that of all threads together; with " +
                std::to_string(options.request.timing.threads) + " threads expected median or minimum");
  }
  check_threads(options.request.timing.threads);
}

double clock_of(const Options& options) {
  if (options.clock_ghz > 0) return options.clock_ghz;
  const auto ghz = timing::host_context().ghz;
  if (!ghz && options.as_csv) throw Error("bench: this system does not report its clock; give it by --clock-ghz");
  return ghz.value_or(0);
}

void show_progress(const companion::BenchProgress& progress, int rounds) {
  if (!report::is_terminal(2)) return;
  std::fprintf(stderr, "\r\033[Kround %d of %d: %s", progress.round, rounds, progress.network.c_str());
}

timing::BenchReport measure(const Options& options) {
  companion::BenchRequest request = options.request;
  request.networks = chosen_nets(options);
  request.seed = static_cast<std::uint64_t>(options.seed);
  check(options, request.networks);
  timing::BenchReport report;
  report.clock_ghz = clock_of(options);
  report.statistic = timing::bench_statistic(options.statistic);
  report.options = request.timing;
  report.rounds = request.rounds;
  companion::CallOptions call;
  call.math_threads = request.timing.threads;
  companion::BenchResult result = companion::bench(
      request, [&](const companion::BenchProgress& progress) { show_progress(progress, request.rounds); }, call);
  if (report::is_terminal(2)) std::fputs("\r\033[K", stderr);
  report.host = std::move(result.host);
  report.runtime = std::move(result.runtime);
  report.results = std::move(result.networks);
  return report;
}

int bench(const Options& options) {
  const timing::BenchReport report = measure(options);
  if (options.as_json) {
    std::printf("%s\n", to_json(report).dump(2).c_str());
    return kDone;
  }
  std::fputs(to_text(report.host).c_str(), stderr);
  std::fputs((options.as_csv ? timing::to_csv(report) : report::networks::bench_text(report)).c_str(), stdout);
  return kDone;
}

}  // namespace

void add_bench(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("bench", "Time networks on this machine");
  command->add_option("NET", options->request.networks, "architecture files, zoo:NAME, RUN or RUN#TRIAL");
  command
      ->add_option("--suite", options->suites,
                   "zoo (all reference networks), kernels (microbenchmarks by kernel class)")
      ->check(CLI::IsMember({"zoo", "kernels"}));
  command
      ->add_option("--runtime", options->request.runtime,
                   "onnxruntime, libtorch (with oneDNN where LibTorch has it) or libtorch-native (without)")
      ->capture_default_str()
      ->check(CLI::IsMember({"onnxruntime", "libtorch", "libtorch-native"}));
  command->add_option("--threads", options->request.timing.threads, "threads of one inference")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command->add_option("--input", options->request.px, "resolution, if not the network's own")
      ->check(CLI::Range(1, 4096));
  command->add_option("--warmup", options->request.timing.warmup, "number of untimed runs first")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
  command->add_option("--repeats", options->request.timing.repeats, "minimum number of timed runs")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  command->add_option("--min-seconds", options->request.timing.min_seconds, "minimum time of the timed runs")
      ->capture_default_str()
      ->check(shared::number_between(0, 600));
  command->add_option("--rounds", options->request.rounds, "number of times that all networks are timed in turn")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command
      ->add_option("--statistic", options->statistic,
                   "what --csv and --json call the latency: median, minimum, cpu-median or cpu-minimum")
      ->capture_default_str()
      ->check(CLI::IsMember(timing::bench_statistic_names()));
  command->add_option("--clock-ghz", options->clock_ghz, "core clock, if the system does not report it")
      ->check(shared::number_between(0.1, 10));
  command->add_option("--seed", options->seed, "seed of untrained weights and of the input")
      ->capture_default_str()
      ->check(shared::seed_range());
  CLI::Option* json = command->add_flag("--json", options->as_json, "print JSON");
  command->add_flag("--csv", options->as_csv, "rows for `gensynth calibrate`")->excludes(json);
  command->callback([options, &exit_code] { exit_code = bench(*options); });
}

}  // namespace gensynth::command
