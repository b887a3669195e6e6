#include "search/command/shared/flags.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "runtime/latency/target_options.hpp"

namespace gensynth::command::shared {

CLI::Validator number_between(double low, double high) {
  const auto text_of = [](double limit) {
    return std::abs(limit) < 1e15 && limit == std::floor(limit) ? fmt::format("{:.0f}", limit)
                                                                : fmt::format("{}", limit);
  };
  const bool open = std::isinf(high);
  const std::string expected =
      "expected a number " + (open ? "of at least " + text_of(low) : "from " + text_of(low) + " to " + text_of(high));
  return CLI::Validator(
      [low, high, expected](std::string& text) {
        double value = 0;
        const bool inside = CLI::detail::lexical_cast(text, value) && value >= low && value <= high;
        return inside ? std::string() : "'" + text + "', " + expected;
      },
      open ? ">= " + text_of(low) : "in [" + text_of(low) + " - " + text_of(high) + "]");
}

CLI::Validator seed_range() {
  CLI::Validator range = CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max());
  return range.description(">= 0");
}

CLI::Option* add_precision_option(CLI::App& command, Precision& precision, const std::vector<Precision>& known,
                                  const std::string& help) {
  std::vector<std::string> names;
  for (const Precision one : known) names.emplace_back(to_string(one));
  return command
      .add_option_function<std::string>(
          "--precision", [&precision](const std::string& name) { precision = precision_from_string(name); }, help)
      ->check(CLI::IsMember(names))
      ->default_str(to_string(precision));
}

void add_target_options(CLI::App& command, latency::LatencyTarget& target) {
  const auto key = [](const char* name) -> const Option& { return latency::target_options().option(name); };
  add_key_option(command, "--device", target.device, key("name"))->capture_default_str();
  add_key_option(command, "--runtime", target.runtime, key("runtime"))->capture_default_str();
  add_key_option(command, "--threads", target.threads, key("threads"))->capture_default_str();
  add_key_option(command, "--clock-ghz", target.clock_ghz, key("clock_ghz"))->capture_default_str();
  add_precision_option(command, target.precision, all_precisions(), key("precision").help);
}

}  // namespace gensynth::command::shared
