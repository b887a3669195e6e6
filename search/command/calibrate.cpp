#include "runtime/latency/calibration/calibrate.hpp"

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/flags.hpp"
#include "search/report/networks/calibration_report.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string measurements;
  std::string device;
  std::string out;
  latency::calibration::Board board;
  std::string svg;
  bool as_json = false;
};

/// Called before the fit, which may take a minute, and before either of the two files is written.
void check_outputs(const Options& options) {
  namespace fs = std::filesystem;
  for (const std::string& path : {options.out, options.svg}) {
    const fs::path folder = fs::path(path).parent_path();
    if (fs::is_directory(path)) throw Error(path + ": is a folder, expected a file to write");
    if (!folder.empty() && !fs::is_directory(folder)) throw Error(path + ": there is no folder " + folder.string());
  }
  std::error_code none;  // set if one of them does not exist
  for (const std::string& read : {options.measurements, options.device}) {
    if (fs::equivalent(options.svg, read, none)) {
      throw Error(options.svg + ": --svg names a file that is read, expected another to write");
    }
    if (fs::equivalent(options.out, read, none)) {
      throw Error(options.out + ": --out names a file that is read, expected another to write");
    }
  }
  if (options.svg == options.out || fs::equivalent(options.svg, options.out, none))
    throw Error(options.svg + ": --out and --svg name the same file");
}

}  // namespace

void add_calibrate(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("calibrate", "Fit a device's latency model to measurements");
  command->add_option("MEASUREMENTS", options->measurements, "CSV file (docs/latency.md describes the columns)")
      ->required();
  command->add_option("--device", options->device, "device to start from: a name, or a device file")->required();
  command->add_option("--out", options->out, "device file to write")->required();
  command->add_option("--svg", options->svg, "draw predicted over measured latency into this file");
  CLI::Option* name = command->add_option("--name", options->board.name, "a new board, which starts from the device");
  CLI::Option* cores =
      command->add_option("--cores", options->board.cores, "cores of the new board")->check(CLI::Range(1, 1024));
  CLI::Option* peak =
      command
          ->add_option("--macs-per-cycle", options->board.macs_per_cycle,
                       "FP32 multiply-adds that one core of it can do in a cycle: vector lanes times units")
          ->check(shared::number_between(0.01, 1024));
  CLI::Option* cache = command
                           ->add_option("--cache-kib", options->board.cache_kib,
                                        "size of its last private cache, before a shared cache or memory")
                           ->check(shared::number_between(1, 1e6));
  CLI::Option* block = command
                           ->add_option("--channel-block", options->board.channel_block,
                                        "channels in a block of maps in ONNX Runtime: AVX-512 16, AVX2 8, ARM 1")
                           ->capture_default_str()
                           ->check(CLI::Range(1, 64));
  CLI::Option* memory =
      command->add_option("--memory-gb-s", options->board.memory_gb_s, "its memory bandwidth from one core")
          ->check(shared::number_between(0.1, 1000));
  for (CLI::Option* fact : {cores, peak, cache}) name->needs(fact);
  for (CLI::Option* fact : {cores, peak, cache, memory, block}) fact->needs(name);
  command->add_flag("--json", options->as_json, "print JSON: errors in %, times in ms");
  command->callback([options, name, &exit_code] {
    check_outputs(*options);
    const latency::calibration::CalibrationReport calibration =
        latency::calibration::calibrate_file(options->measurements, options->device, options->out,
                                             name->count() > 0 ? std::optional(options->board) : std::nullopt);
    std::fputs(
        (options->as_json ? report::networks::calibration_json(calibration).dump(2) + "\n" : to_text(calibration))
            .c_str(),
        stdout);
    std::fprintf(stderr, "wrote %s\n", options->out.c_str());
    if (!options->svg.empty()) {
      write_file_atomically(options->svg, to_svg(report::networks::calibration_chart(calibration)));
      std::fprintf(stderr, "wrote %s\n", options->svg.c_str());
    }
    exit_code = kDone;
  });
}

}  // namespace gensynth::command
