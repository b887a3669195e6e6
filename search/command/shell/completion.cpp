#include "search/command/shell/completion.hpp"

#include <fmt/format.h>

#include <functional>

namespace gensynth::command::shell {
namespace {

std::string joined(const std::vector<std::string>& words, const char* between = " ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string path_of(const CommandEntry& command) { return joined(command.path); }

/// The text in single quotes, with `quote` for each quote inside.
std::string quoted(const std::string& text, const char* quote) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string(quote) : std::string(1, c);
  return result + "'";
}

/// Help is one line up to its first semicolon or full stop, so that a menu stays readable.
std::string brief(const std::string& help) {
  std::string line = help.substr(0, help.find('\n'));
  for (const char* end : {"; ", ". "}) line = line.substr(0, line.find(end));
  return line;
}

std::vector<std::string> option_names(const CommandEntry& command) {
  std::vector<std::string> names;
  for (const OptionEntry& option : command.options) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

std::vector<std::string> command_names(const CommandEntry& command) {
  std::vector<std::string> names;
  for (const CommandEntry& sub : command.commands) names.push_back(sub.name());
  return names;
}

/// The branches of `case "$path"` that bash and zsh share: words that may follow, by command.
std::string cases(const CommandEntry& program, const std::function<std::string(const CommandEntry&)>& body) {
  std::string text;
  for (const CommandEntry* command : flattened(program)) {
    text += fmt::format("    '{}')\n{}      ;;\n", path_of(*command), body(*command));
  }
  return text;
}

/// The loop that finds the command among the words before the cursor; arguments may stand between its words.
std::string walk(const CommandEntry& program, const char* words, const char* first, const char* last) {
  std::vector<std::string> known;
  for (const CommandEntry* command : flattened(program)) {
    if (!command->path.empty()) known.push_back("'" + path_of(*command) + "'");
  }
  return fmt::format(
      "  local route= next i\n"
      "  for ((i = {1}; i < {2}; i++)); do\n"
      "    next=\"${{route:+$route }}${{{0}[i]}}\"\n"
      "    case \"$next\" in\n"
      "      {3}) route=$next ;;\n"
      "    esac\n"
      "  done\n",
      words, first, last, joined(known, " | "));
}

std::string bash(const CommandEntry& program) {
  const auto body = [](const CommandEntry& command) {
    std::string text = fmt::format("      options='{}'\n      commands='{}'\n", joined(option_names(command)),
                                   joined(command_names(command)));
    for (const OptionEntry& option : command.options) {
      if (option.choices.empty()) continue;
      text += fmt::format("      case \"$before\" in {}) choices='{}' ;; esac\n", joined(option.names, " | "),
                          joined(option.choices));
    }
    return text;
  };
  return "# Completion for bash: source it, or install it as share/bash-completion/completions/gensynth.\n"
         "_gensynth() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options= commands= choices=\n" +
         walk(program, "COMP_WORDS", "1", "COMP_CWORD") + "  case \"$route\" in\n" + cases(program, body) +
         "  esac\n"
         "  if [[ -n $choices ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$choices\" -- \"$current\"))\n"
         "  elif [[ $current == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -W \"$commands\" -- \"$current\"))\n"
         "  fi\n"
         "}\n"
         "complete -o bashdefault -o default -F _gensynth gensynth\n";
}

std::string zsh(const CommandEntry& program) {
  const auto described = [](const std::string& name, const std::string& help) {
    std::string text = name + ":" + brief(help);
    return quoted(text, "'\\''");
  };
  const auto body = [&](const CommandEntry& command) {
    std::string options, commands, text;
    for (const OptionEntry& option : command.options) {
      for (const std::string& name : option.names) options += " " + described(name, option.help);
    }
    for (const CommandEntry& sub : command.commands) commands += " " + described(sub.name(), sub.help);
    text = "      options=(" + options + ")\n      commands=(" + commands + ")\n";
    for (const OptionEntry& option : command.options) {
      if (option.choices.empty()) continue;
      text += fmt::format("      case \"$before\" in ({}) choices=({}) ;; esac\n", joined(option.names, "|"),
                          joined(option.choices));
    }
    return text;
  };
  return "#compdef gensynth\n"
         "# Completion for zsh: put it as _gensynth into a folder of $fpath.\n"
         "_gensynth() {\n"
         "  local before=${words[CURRENT-1]}\n"
         "  local -a options commands choices\n" +
         walk(program, "words", "2", "CURRENT") + "  case \"$route\" in\n" + cases(program, body) +
         "  esac\n"
         "  if (( $#choices )); then\n"
         "    compadd -a choices\n"
         "  elif [[ $PREFIX == -* ]]; then\n"
         "    _describe -o option options\n"
         "  else\n"
         "    (( $#commands )) && _describe command commands\n"
         "    _files\n"
         "  fi\n"
         "}\n"
         "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _gensynth \"$@\"; else compdef _gensynth gensynth; fi\n";
}

std::string fish(const CommandEntry& program) {
  std::vector<std::string> known;
  for (const CommandEntry* command : flattened(program)) {
    if (!command->path.empty()) known.push_back("'" + path_of(*command) + "'");
  }
  std::string text =
      "# Completion for fish: put it into ~/.config/fish/completions/gensynth.fish.\n"
      "function __gensynth_route\n"
      "  set -l route\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    set -l next (string trim -- \"$route $word\")\n"
      "    contains -- \"$next\" " +
      joined(known) +
      "; and set route $next\n"
      "  end\n"
      "  test \"$route\" = \"$argv[1]\"\n"
      "end\n";
  for (const CommandEntry* command : flattened(program)) {
    const std::string start = fmt::format("complete -c gensynth -n '__gensynth_route \"{}\"'", path_of(*command));
    for (const CommandEntry& sub : command->commands) {
      text += fmt::format("{} -a {} -d {}\n", start, sub.name(), quoted(brief(sub.help), "\\'"));
    }
    for (const OptionEntry& option : command->options) {
      std::string line = start;
      for (const std::string& name : option.names) {
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!option.value.empty()) line += " -r";
      if (!option.choices.empty()) line += " -f -a " + quoted(joined(option.choices), "\\'");
      text += line + " -d " + quoted(brief(option.help), "\\'") + "\n";
    }
  }
  return text;
}

}  // namespace

std::string completion_script(Shell shell, const CommandEntry& program) {
  switch (shell) {
    case Shell::bash:
      return bash(program);
    case Shell::zsh:
      return zsh(program);
    case Shell::fish:
      return fish(program);
  }
  return "";
}

}  // namespace gensynth::command::shell
