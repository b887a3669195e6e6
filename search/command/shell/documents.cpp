#include <cstdio>

#include "search/command/command.hpp"
#include "search/command/shared/version.hpp"
#include "search/command/shell/completion.hpp"
#include "search/command/shell/man_page.hpp"

namespace gensynth::command::shell {

void add_completion(CLI::App& program, int& exit_code) {
  CLI::App* command =
      program.add_subcommand("completion", "Print a script that completes commands and options in a shell");
  command->require_subcommand(1);
  const std::pair<const char*, Shell> shells[] = {{"bash", Shell::bash}, {"zsh", Shell::zsh}, {"fish", Shell::fish}};
  for (const auto& [name, shell] : shells) {
    CLI::App* one = command->add_subcommand(name, std::string("for ") + name);
    one->callback([&program, &exit_code, shell = shell] {
      std::fputs(completion_script(shell, command_tree(program)).c_str(), stdout);
      exit_code = kDone;
    });
  }
}

void add_man(CLI::App& program, int& exit_code) {
  CLI::App* command = program.add_subcommand("man", "Print the manual page gensynth(1), for man -l -");
  command->callback([&program, &exit_code] {
    std::fputs(man_page(command_tree(program), shared::version_line()).c_str(), stdout);
    exit_code = kDone;
  });
}

}  // namespace gensynth::command::shell
