#include "search/command/shared/run_program.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
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
      for (const CLI::App* level = app; level != nullptr; level = level->get_parent()) {
        for (const CLI::Option* option : level->get_options()) {
          for (const std::string& known : option->get_lnames()) options.push_back("--" + known);
        }
      }
      if (std::find(options.begin(), options.end(), name) == options.end()) {
        return "unknown option '" + name + "'" + suggestion(name, options);
      }
    }
  }
  return "";
}

/// Integers that do not fit are clamped by CLI11 before any range is checked.
std::string fits(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + (text.starts_with('+') ? 1 : 0), end, value);
  if (error == std::errc::result_out_of_range) return "'" + text + "', expected a whole number that fits in 64 bits";
  return text.empty() ? "'', expected a whole number" : "";
}

/// No option means NaN or infinity, which pass comparisons with a range.
std::string is_finite(const std::string& text) {
  double value = 0;
  if (!text.empty() && CLI::detail::lexical_cast(text, value) && std::isfinite(value)) return "";
  return "'" + text + "', expected a number";
}

void check_numbers(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    if (type.starts_with("INT") || type.starts_with("UINT")) option->check(CLI::Validator(fits, "", ""));
    if (type.starts_with("FLOAT")) option->check(CLI::Validator(is_finite, "", ""));
  }
  for (CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) check_numbers(*sub);
}

/// Throws Error for an argument that could not be repeated in a report, which is UTF-8.
void check_utf8(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    try {
      (void)nlohmann::json(argv[i]).dump();
    } catch (const nlohmann::json::exception&) {
      throw Error("argument " + std::to_string(i) + ", '" + std::string(argv[i]) +
                      "', is not valid UTF-8; rename the file, or use a link with another name",
                  ErrorKind::usage);
    }
  }
}

int fail(const Failure& failure) {
  std::fputs(failure_text(failure).c_str(), stderr);
  return exit_code_of(failure.kind);
}

}  // namespace

int run_program(CLI::App& program, int argc, char** argv, const int& exit_code) {
  try {
    check_utf8(argc, argv);
    check_numbers(program);
    program.parse(argc, argv);
    finish_output();
    return exit_code;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
    const std::string hint = meant(program, std::vector<std::string>(argv + 1, argv + argc));
    return fail({ErrorKind::usage, hint.empty() ? error.what() : hint});
  } catch (const std::exception& error) {
    return fail(failure_of(error));
  }
}

}  // namespace gensynth::command::shared
