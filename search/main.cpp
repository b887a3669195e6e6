#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

#include "architecture/base/error.hpp"
#include "search/command/command.hpp"

namespace {

using gensynth::command::ExitCode;

/// CLI11 does not say what was meant; an unknown command or option gets the nearest one.
std::string meant(const CLI::App& program, const std::vector<std::string>& words) {
  const CLI::App* app = &program;
  std::size_t values = 0;  // words that may be positional values of app
  for (const std::string& word : words) {
    std::vector<std::string> commands;
    for (const CLI::App* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
      commands.push_back(sub->get_name());
    }
    if (!word.empty() && word[0] != '-') {
      bool entered = false;
      for (const CLI::App* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
        if (sub->get_name() == word) {
          app = sub;
          entered = true;
          values = app->get_options([](const CLI::Option* option) { return option->get_positional(); }).size();
          break;
        }
      }
      if (entered) continue;
      if (values > 0) {
        --values;
        continue;
      }
      const std::string near = gensynth::suggestion(word, commands);
      if (app == &program || !near.empty()) return "unknown command '" + word + "'" + near;
    } else if (word.size() > 2) {
      const std::string name = word.substr(0, word.find('='));
      std::vector<std::string> options;
      for (const CLI::Option* option : app->get_options()) {
        for (const std::string& known : option->get_lnames()) options.push_back("--" + known);
      }
      if (std::find(options.begin(), options.end(), name) == options.end()) {
        return "unknown option '" + name + "'" + gensynth::suggestion(name, options);
      }
    }
  }
  return "";
}

/// What was printed may still fail to arrive (a full disk); a pipe that nobody reads ends the program by SIGPIPE.
void finish_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw gensynth::Error(std::string("standard output cannot be written: ") + std::strerror(errno));
  }
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = gensynth::command::ExitCode::kDone;
  CLI::App program(
      "gensynth: searches for the best vision network for a device, under your constraints, by generative synthesis.\n"
      "Exit codes: 0 done; 1 the answer is no; 2 bad usage or input; 3 finished, but trials failed; 75 stopped, can be "
      "resumed.");
  program.name("gensynth");
  program.set_version_flag("--version", std::string("gensynth ") + GENSYNTH_VERSION);
  program.require_subcommand(1);
  program.get_formatter()->column_width(34);
  gensynth::command::add_init(program, exit_code);
  gensynth::command::add_search(program, exit_code);
  gensynth::command::add_log(program, exit_code);
  gensynth::command::add_generate(program, exit_code);
  gensynth::command::add_check(program, exit_code);
  gensynth::command::add_profile(program, exit_code);
  gensynth::command::add_train(program, exit_code);
  gensynth::command::add_export(program, exit_code);
  gensynth::command::add_compare(program, exit_code);
  gensynth::command::add_bench(program, exit_code);
  gensynth::command::add_calibrate(program, exit_code);
  gensynth::command::add_benchmark_search(program, exit_code);
  gensynth::command::add_constraints(program, exit_code);
  gensynth::command::add_zoo(program, exit_code);
  gensynth::command::add_worker(program, exit_code);
  try {
    program.parse(argc, argv);
    finish_output();
    return exit_code;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
    const std::string hint = meant(program, std::vector<std::string>(argv + 1, argv + argc));
    std::fprintf(stderr, "gensynth: %s\n`gensynth --help` and `gensynth COMMAND --help` tell what there is\n",
                 hint.empty() ? error.what() : hint.c_str());
    return gensynth::command::ExitCode::kBadInput;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gensynth: %s\n", error.what());
    return gensynth::command::ExitCode::kBadInput;
  }
}
