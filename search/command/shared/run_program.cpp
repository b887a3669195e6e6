#include "search/command/shared/run_program.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "architecture/base/error.hpp"
#include "search/command/shared/exit_code.hpp"

namespace gensynth::command::shared {
namespace {

/// The nearest command or option for an unknown one, which CLI11 does not suggest; "" when all are known.
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
      const std::string near = suggestion(word, commands);
      if (app == &program || !near.empty()) return "unknown command '" + word + "'" + near;
    } else if (word.size() > 2) {
      const std::string name = word.substr(0, word.find('='));
      std::vector<std::string> options;
      for (const CLI::Option* option : app->get_options()) {
        for (const std::string& known : option->get_lnames()) options.push_back("--" + known);
      }
      if (std::find(options.begin(), options.end(), name) == options.end()) {
        return "unknown option '" + name + "'" + suggestion(name, options);
      }
    }
  }
  return "";
}

/// Output may be buffered still, and writing it may fail (a full disk). A pipe without a reader ends the program by
/// SIGPIPE.
void finish_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw Error(std::string("standard output cannot be written: ") + std::strerror(errno));
  }
}

}  // namespace

int run_program(CLI::App& program, int argc, char** argv, const int& exit_code) {
  try {
    program.parse(argc, argv);
    finish_output();
    return exit_code;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
    const std::string hint = meant(program, std::vector<std::string>(argv + 1, argv + argc));
    std::fprintf(stderr, "gensynth: %s\n`gensynth --help` and `gensynth COMMAND --help` tell what there is\n",
                 hint.empty() ? error.what() : hint.c_str());
    return ExitCode::kBadInput;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gensynth: %s\n", error.what());
    return ExitCode::kBadInput;
  }
}

}  // namespace gensynth::command::shared
