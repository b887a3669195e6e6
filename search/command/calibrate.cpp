#include "runtime/latency/calibrate.hpp"

#include <cstdio>

#include "search/command/command.hpp"

namespace gensynth {

void add_calibrate(CLI::App& program, int& exit_code) {
  struct Options {
    std::string measurements;
    std::string device;
    std::string out;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("calibrate", "Fit a device's latency model to measurements");
  command->add_option("MEASUREMENTS", options->measurements, "CSV file (docs/latency.md tells its columns)")
      ->required();
  command->add_option("--device", options->device, "device to start from: a name, or a device file")->required();
  command->add_option("--out", options->out, "device file to write")->required();
  command->callback([options, &exit_code] {
    const CalibrationReport report = calibrate_file(options->measurements, options->device, options->out);
    std::fputs(to_text(report).c_str(), stdout);
    std::fprintf(stderr, "wrote %s\n", options->out.c_str());
    exit_code = kDone;
  });
}

}  // namespace gensynth
