#include <string>

#include "search/command/command.hpp"
#include "search/command/shared/run_program.hpp"
#include "search/command/shared/version.hpp"
#include "search/report/terminal.hpp"

int main(int argc, char** argv) {
  int exit_code = gensynth::command::kDone;
  CLI::App program(
      "gensynth: searches for the best vision network for a device, under your constraints, by generative synthesis.\n"
      "Exit codes: 0 done; 1 the answer is no; 2 bad usage or input; 3 finished, but trials failed; 4 a fault of the "
      "machine (full disk, broken database, missing program); 70 a fault of gensynth; 75 stopped, can be resumed.");
  program.name("gensynth");
  program.set_version_flag("--version", gensynth::command::shared::version_line());
  program.require_subcommand(1);
  program.fallthrough();
  program
      .add_option_function<std::string>(
          "--color",
          [](const std::string& mode) {
            using gensynth::report::ColourMode;
            gensynth::report::set_colour_mode(mode == "always"  ? ColourMode::always
                                              : mode == "never" ? ColourMode::never
                                                                : ColourMode::automatic);
          },
          "colours and bold text: auto (on a terminal, unless NO_COLOR is set), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->default_str("auto");
  program.get_formatter()->column_width(34);
  gensynth::command::add_init(program, exit_code);
  gensynth::command::add_search(program, exit_code);
  gensynth::command::add_log(program, exit_code);
  gensynth::command::pages::add_report(program, exit_code);
  gensynth::command::pages::add_serve(program, exit_code);
  gensynth::command::add_generate(program, exit_code);
  gensynth::command::add_check(program, exit_code);
  gensynth::command::add_predict(program, exit_code);
  gensynth::command::add_profile(program, exit_code);
  gensynth::command::trained::add_train(program, exit_code);
  gensynth::command::trained::add_evaluate(program, exit_code);
  gensynth::command::trained::add_export(program, exit_code);
  gensynth::command::trained::add_quantise(program, exit_code);
  gensynth::command::add_compare(program, exit_code);
  gensynth::command::add_bench(program, exit_code);
  gensynth::command::add_calibrate(program, exit_code);
  gensynth::command::add_benchmark_search(program, exit_code);
  gensynth::command::add_constraints(program, exit_code);
  gensynth::command::add_zoo(program, exit_code);
  gensynth::command::add_worker(program, exit_code);
  gensynth::command::shell::add_completion(program, exit_code);
  gensynth::command::shell::add_man(program, exit_code);
  return gensynth::command::shared::run_program(program, argc, argv, exit_code);
}
