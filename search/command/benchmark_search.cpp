#include "search/command/command.hpp"
#include "search/companion/process.hpp"

namespace gensynth::command {

/// gensynth-benchmark replaces this process and has the options and their help.
void add_benchmark_search(CLI::App& program, int&) {
  CLI::App* command =
      program.add_subcommand("benchmark-search", "Compare search strategies where training is a look-up");
  command->prefix_command();
  command->fallthrough(false);  // none of its words belongs to gensynth
  command->set_help_flag();
  command->callback([command] {
    std::vector<std::string> arguments = command->remaining();
    arguments.insert(arguments.begin(), companion::benchmark_program());
    companion::replace_process(arguments);
  });
}

}  // namespace gensynth::command
