#include "search/command/shell/man_page.hpp"

namespace gensynth::command::shell {
namespace {

/// Text that roff prints as it is: backslashes, and dots and quotes at the start of a line, are escaped.
std::string escaped(const std::string& text) {
  std::string result;
  bool start = true;
  for (const char c : text) {
    if (start && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
    start = c == '\n';
  }
  return result;
}

std::string bold(const std::string& text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + escaped(text) + "\\fR"; }

/// The first sentence of a help text, and the rest.
std::pair<std::string, std::string> first_line(const std::string& help) {
  const std::size_t end = help.find('\n');
  if (end == std::string::npos) return {help, ""};
  return {help.substr(0, end), help.substr(end + 1)};
}

std::string usage(const CommandEntry& command) {
  std::string text = bold("gensynth");
  for (const std::string& word : command.path) text += " " + bold(word);
  for (const OptionEntry& argument : command.arguments) {
    const std::string name = italic(argument.names.front()) + (argument.repeated ? " ..." : "");
    text += argument.required ? " " + name : " [" + name + "]";
  }
  if (!command.options.empty()) text += " [" + italic("options") + "]";
  if (!command.commands.empty()) text += " " + italic("command");
  return text + "\n";
}

std::string listed(const OptionEntry& option) {
  std::string tag;
  for (const std::string& name : option.names) tag += (tag.empty() ? "" : ", ") + bold(name);
  std::string value;
  for (const std::string& choice : option.choices) value += (value.empty() ? "" : "|") + choice;
  if (value.empty()) value = option.value;
  if (!value.empty() && option.names.front().starts_with('-')) tag += " " + italic(value);
  std::string help = option.help;
  if (option.required && option.names.front().starts_with('-')) help += " (required)";
  return ".TP\n" + tag + "\n" + escaped(help) + "\n";
}

std::string section(const CommandEntry& command) {
  std::string title;
  for (const std::string& word : command.path) title += (title.empty() ? "" : " ") + word;
  std::string text = ".SS " + escaped(title) + "\n" + usage(command) + ".PP\n" + escaped(command.help) + ".\n";
  for (const OptionEntry& argument : command.arguments) text += listed(argument);
  for (const OptionEntry& option : command.options) {
    if (option.names.back() != "--help") text += listed(option);
  }
  return text;
}

}  // namespace

std::string man_page(const CommandEntry& program, const std::string& version) {
  const auto [what, rest] = first_line(program.help);
  std::string text = ".TH GENSYNTH 1 \"\" \"" + escaped(version) + "\"\n.SH NAME\n" + escaped("gensynth") + " \\- " +
                     escaped(what.substr(what.find(": ") == std::string::npos ? 0 : what.find(": ") + 2)) +
                     "\n.SH SYNOPSIS\n" + usage(program) + ".SH DESCRIPTION\n" + escaped(what) + "\n";
  if (!rest.empty()) text += ".PP\n" + escaped(rest) + "\n";
  text += ".SH OPTIONS\n";
  for (const OptionEntry& option : program.options) text += listed(option);
  text += ".SH COMMANDS\nEvery command has " + bold("--help") + ".\n";
  for (const CommandEntry* command : flattened(program)) {
    if (!command->path.empty()) text += section(*command);
  }
  return text;
}

}  // namespace gensynth::command::shell
