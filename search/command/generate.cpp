#include <cstdio>
#include <nlohmann/json.hpp>

#include "search/command/command.hpp"
#include "search/command/shared/damage.hpp"
#include "search/command/shared/flags.hpp"
#include "search/report/runs/generation_report.hpp"

namespace gensynth::command {

void add_generate(CLI::App& program, int& exit_code) {
  auto request = std::make_shared<sampling::GenerationRequest>();
  auto as_json = std::make_shared<bool>(false);
  CLI::App* command = program.add_subcommand("generate", "Emit networks from the generator that a run has taught");
  command->add_option("RUN", request->run, "folder of a run by generative synthesis: finished, stopped or running")
      ->required();
  command->add_option("--count", request->count, "number of networks for each requested latency")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--seed", request->seed, "first seed; repeats and empty streams are skipped")
      ->capture_default_str()
      ->check(shared::seed_range());
  command
      ->add_option("--latency-ms", request->latencies,
                   "requested predicted latencies, separated by commas; met within 10 %")
      ->delimiter(',')
      ->check(shared::number_between(1e-3, 1e6));
  command->add_option("--out", request->out, "folder for the networks, as architecture files");
  command->add_option("--samples", request->samples, "budget of candidates for each requested latency")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  command->add_option("--raw", request->raw, "measure the share of so many raw samples that meets the hard constraints")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000}));
  command->add_flag("--json", *as_json, "print JSON");
  command->callback([request, as_json, &exit_code] {
    const sampling::Generation generation = sampling::generate(*request);
    shared::warn_of_damage(generation.damaged);
    std::fputs((*as_json ? report::runs::generation_json(generation).dump(2) + "\n"
                         : report::runs::generation_text(generation))
                   .c_str(),
               stdout);
    exit_code = generation.complete() ? kDone : kNo;
  });
}

}  // namespace gensynth::command
