#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/serialize.hpp"
#include "search/command/command.hpp"
#include "search/report/console.hpp"
#include "search/sampling/emission.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::command {
namespace {

using nlohmann::ordered_json;

struct Options {
  std::string run;
  int count = 1;
  std::int64_t seed = 1;
  std::vector<double> latencies;
  std::string out;
  std::int64_t samples = sampling::EmissionRequest{}.samples;
  std::int64_t raw = 0;
  bool as_json = false;
};

struct Answer {
  sampling::EmissionRequest request;
  sampling::Emission emission;
  bool complete() const { return static_cast<int>(emission.networks.size()) >= request.count; }
};

std::string network_name(const sampling::EmissionRequest& request, const sampling::EmittedNetwork& network) {
  std::string name = "generated-" + std::to_string(network.seed);
  if (request.condition.latency_ms) name += fmt::format("-{:g}ms", *request.condition.latency_ms);
  return name;
}

std::string file_of(const Options& options, const std::string& name) { return options.out + "/" + name + ".json"; }

std::string asked_text(const sampling::EmissionRequest& request) {
  return request.condition.latency_ms ? fmt::format("{:g} ms", *request.condition.latency_ms) : "any";
}

void write_networks(const Options& options, const loop::SearchContext& parts, const std::vector<Answer>& answers) {
  if (options.out.empty()) return;
  std::error_code failure;
  std::filesystem::create_directories(options.out, failure);
  if (failure) throw Error(options.out + ": cannot be made: " + failure.message());
  for (const Answer& answer : answers) {
    for (const sampling::EmittedNetwork& network : answer.emission.networks) {
      const std::string name = network_name(answer.request, network);
      write_architecture(parts.space->build(network.genotype).renamed(name), file_of(options, name), network.genotype);
    }
  }
}

ordered_json to_json(const std::map<std::string, sampling::TurnedDown>& turned_down, std::int64_t samples) {
  ordered_json result = ordered_json::array();
  for (const auto& [rule, entry] : turned_down) {
    result.push_back({{"rule", rule},
                      {"count", entry.count},
                      {"share", static_cast<double>(entry.count) / static_cast<double>(samples)},
                      {"closest", entry.closest}});
  }
  return result;
}

ordered_json to_json(const Options& options, const sampling::EmissionRequest& request,
                     const sampling::EmittedNetwork& network) {
  const std::string name = network_name(request, network);
  const Quantity& latency = network.metrics.at("latency_ms");
  return {{"name", name},
          {"seed", network.seed},
          {"asked_latency_ms", trial::number_or_null(request.condition.latency_ms)},
          {"latency_ms", latency.value},
          {"low", latency.low},
          {"high", latency.high},
          {"params", network.metrics.at("params").value},
          {"macs", network.metrics.at("macs").value},
          {"tries", network.tries},
          {"repaired", network.repaired},
          {"hash", network.hash},
          {"file", options.out.empty() ? ordered_json() : ordered_json(file_of(options, name))},
          {"metrics", to_json(network.metrics)},
          {"genotype", network.genotype}};
}

void print_json(const Options& options, const std::vector<Answer>& answers,
                const std::optional<sampling::RawShare>& raw) {
  ordered_json networks = ordered_json::array();
  ordered_json requests = ordered_json::array();
  for (const auto& [request, emission] : answers) {
    for (const sampling::EmittedNetwork& network : emission.networks)
      networks.push_back(to_json(options, request, network));
    requests.push_back({{"asked_latency_ms", trial::number_or_null(request.condition.latency_ms)},
                        {"count", request.count},
                        {"emitted", emission.networks.size()},
                        {"streams", emission.streams},
                        {"empty_streams", emission.empty},
                        {"repeats", emission.repeats},
                        {"samples", emission.samples},
                        {"diversity", emission.diversity},
                        {"least_latency_ms", trial::number_or_null(emission.latencies.least_ms)},
                        {"greatest_latency_ms", trial::number_or_null(emission.latencies.greatest_ms)},
                        {"turned_down", to_json(emission.turned_down, emission.samples)}});
  }
  ordered_json result = {{"run", options.run}, {"seed", options.seed}, {"networks", networks}, {"requests", requests}};
  if (raw) {
    result["raw"] = {{"samples", raw->samples},
                     {"feasible", raw->feasible},
                     {"share", static_cast<double>(raw->feasible) / static_cast<double>(raw->samples)},
                     {"turned_down", to_json(raw->turned_down, raw->samples)}};
  }
  std::printf("%s\n", result.dump(2).c_str());
}

std::string turned_down_text(const std::map<std::string, sampling::TurnedDown>& turned_down, std::int64_t samples) {
  report::Table table({"rule", "turned down", "share of samples", "closest miss"});
  for (const auto& [rule, entry] : turned_down) {
    table.row({rule, std::to_string(entry.count),
               fmt::format("{:.1f} %", 100.0 * static_cast<double>(entry.count) / static_cast<double>(samples)),
               fmt::format("{:.1f} % off the bound", 100 * entry.closest)});
  }
  return table.text();
}

/// What keeps the networks asked for from being found, as far as the latencies that were met tell; "" when they don't.
std::string out_of_reach(const sampling::EmissionRequest& request, const teaching::LatencyRange& met) {
  if (!request.condition.latency_ms) return "";
  const double asked = *request.condition.latency_ms;
  if (!met.least_ms) return "no candidate that was looked at meets the constraints\n";
  if (*met.least_ms > asked * (1 + teaching::kLatencyTolerance)) {
    return fmt::format(
        "nothing near {:g} ms was found: of the candidates looked at that meet the constraints, the fastest takes {} "
        "ms\n",
        asked, report::number_text(*met.least_ms));
  }
  if (*met.greatest_ms < asked * (1 - teaching::kLatencyTolerance)) {
    return fmt::format(
        "nothing near {:g} ms was found: of the candidates looked at that meet the constraints, the slowest takes {} "
        "ms\n",
        asked, report::number_text(*met.greatest_ms));
  }
  return "";
}

void print_text(const std::vector<Answer>& answers, const std::optional<sampling::RawShare>& raw) {
  report::Table table({"network", "asked", "latency ms (predicted)", "90 % interval", "top-1 % (predicted)", "params M",
                       "MACs M", "tries"});
  for (const auto& [request, emission] : answers) {
    for (const sampling::EmittedNetwork& network : emission.networks) {
      const Quantity& latency = network.metrics.at("latency_ms");
      table.row({network_name(request, network), asked_text(request), report::number_text(latency.value),
                 fmt::format("[{:.1f}, {:.1f}]", latency.low, latency.high),
                 report::number_text(network.metrics.at("top1").value, 1),
                 report::number_text(network.metrics.at("params").value / 1e6, 3),
                 report::number_text(network.metrics.at("macs").value / 1e6, 1),
                 fmt::format("{}{}", network.tries, network.repaired ? " (repaired)" : "")});
    }
  }
  std::printf("%s", table.text().c_str());
  for (const auto& [request, emission] : answers) {
    std::printf(
        "\nlatency %s: %zu of %d networks from %lld streams (%lld empty, %lld repeated a network), %lld samples\n",
        asked_text(request).c_str(), emission.networks.size(), request.count, static_cast<long long>(emission.streams),
        static_cast<long long>(emission.empty), static_cast<long long>(emission.repeats),
        static_cast<long long>(emission.samples));
    if (emission.networks.size() > 1) {
      std::printf("two of them differ in %.0f %% of their decisions on average\n", 100 * emission.diversity);
    }
    if (static_cast<int>(emission.networks.size()) < request.count) {
      std::printf("%s", out_of_reach(request, emission.latencies).c_str());
      std::printf("the budget of %lld samples is used up\n%s", static_cast<long long>(request.samples),
                  turned_down_text(emission.turned_down, emission.samples).c_str());
    }
  }
  if (raw) {
    std::printf("\n%lld of %lld raw samples meet every hard constraint that needs no training (%.1f %%)\n%s",
                static_cast<long long>(raw->feasible), static_cast<long long>(raw->samples),
                100.0 * static_cast<double>(raw->feasible) / static_cast<double>(raw->samples),
                turned_down_text(raw->turned_down, raw->samples).c_str());
  }
}

int generate(const Options& options) {
  const sampling::RunGenerator from(options.run);
  const teaching::Worth worth = options.latencies.empty() ? nullptr : from.worth();
  std::vector<Answer> answers;
  const auto ask = [&](const distribution::Condition& condition) {
    const sampling::EmissionRequest request{options.count, static_cast<std::uint64_t>(options.seed), condition,
                                            options.samples};
    answers.push_back({request, emit(from.parts, from.generator, request, from.job.seed, worth)});
  };
  if (options.latencies.empty()) ask({});
  for (const double latency : options.latencies) ask({latency});
  std::optional<sampling::RawShare> raw;
  if (options.raw > 0) {
    raw = sampling::raw_share(from.parts, from.generator, options.raw, static_cast<std::uint64_t>(options.seed));
  }
  write_networks(options, from.parts, answers);
  if (options.as_json) {
    print_json(options, answers, raw);
  } else {
    print_text(answers, raw);
  }
  return std::all_of(answers.begin(), answers.end(), [](const Answer& a) { return a.complete(); }) ? kDone : kNo;
}

}  // namespace

void add_generate(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("generate", "Emit networks from the generator that a run has taught");
  command->add_option("RUN", options->run, "folder of a run by generative synthesis: finished, stopped or running")
      ->required();
  command->add_option("--count", options->count, "networks to emit, for each latency asked for")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--seed", options->seed, "first seed; repeats and empty streams are skipped")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{0}, INT64_MAX));
  command
      ->add_option("--latency-ms", options->latencies, "ask for predicted latencies, comma-separated; met within 10 %")
      ->delimiter(',')
      ->check(CLI::Range(1e-3, 1e6));
  command->add_option("--out", options->out, "folder for the networks, as architecture files");
  command->add_option("--samples", options->samples, "budget of candidates to look at, for each latency asked for")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  command->add_option("--raw", options->raw, "measure the share of so many raw samples that meets the hard constraints")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000}));
  command->add_flag("--json", options->as_json, "for machines");
  command->callback([options, &exit_code] { exit_code = generate(*options); });
}

}  // namespace gensynth::command
