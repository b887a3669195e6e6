#include "runtime/latency/calibrate.hpp"

#include <cstdio>

#include "search/command/command.hpp"

namespace gensynth {

void add_calibrate(CLI::App& program, int& exit_code) {
  struct Options {
    std::string measurements;
    std::string device;
    std::string out;
    Board board;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("calibrate", "Fit a device's latency model to measurements");
  command->add_option("MEASUREMENTS", options->measurements, "CSV file (docs/latency.md tells its columns)")
      ->required();
  command->add_option("--device", options->device, "device to start from: a name, or a device file")->required();
  command->add_option("--out", options->out, "device file to write")->required();
  CLI::Option* name = command->add_option("--name", options->board.name, "a new board, which starts from the device");
  CLI::Option* cores =
      command->add_option("--cores", options->board.cores, "of the new board")->check(CLI::Range(1, 1024));
  CLI::Option* peak =
      command
          ->add_option("--macs-per-cycle", options->board.macs_per_cycle,
                       "FP32 multiply-adds that one core of it can do in a cycle: vector lanes times units")
          ->check(CLI::Range(0.01, 1024.0));
  CLI::Option* cache =
      command->add_option("--cache-kib", options->board.cache_kib, "its last cache before a shared one or memory")
          ->check(CLI::Range(1.0, 1e6));
  CLI::Option* memory =
      command->add_option("--memory-gb-s", options->board.memory_gb_s, "its memory bandwidth from one core")
          ->check(CLI::Range(0.1, 1000.0));
  for (CLI::Option* fact : {cores, peak, cache}) name->needs(fact);
  for (CLI::Option* fact : {cores, peak, cache, memory}) fact->needs(name);
  command->callback([options, name, &exit_code] {
    const CalibrationReport report = calibrate_file(options->measurements, options->device, options->out,
                                                    name->count() > 0 ? std::optional(options->board) : std::nullopt);
    std::fputs(to_text(report).c_str(), stdout);
    std::fprintf(stderr, "wrote %s\n", options->out.c_str());
    exit_code = kDone;
  });
}

}  // namespace gensynth
