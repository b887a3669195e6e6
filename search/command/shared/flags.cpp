#include "search/command/shared/flags.hpp"

#include <fmt/format.h>

#include "runtime/latency/latency_model.hpp"

namespace gensynth::command::shared {

CLI::Validator number_between(double low, double high) {
  const std::string range = fmt::format("{} to {}", low, high);
  return CLI::Validator(
      [low, high, range](std::string& text) {
        double value = 0;
        const bool inside = CLI::detail::lexical_cast(text, value) && value >= low && value <= high;
        return inside ? std::string() : "'" + text + "', expected a number from " + range;
      },
      "in [" + fmt::format("{} - {}", low, high) + "]");
}

void add_target_options(CLI::App& command, latency::LatencyTarget& target) {
  command.add_option("--device", target.device, "device to predict for, or a device file")->capture_default_str();
  command.add_option("--runtime", target.runtime, "inference runtime on it")->capture_default_str();
  command.add_option("--threads", target.threads, "threads of one inference")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command.add_option("--clock-ghz", target.clock_ghz, "core clock")
      ->capture_default_str()
      ->check(number_between(0.1, 10));
  command.add_option("--precision", target.precision, "fp32 or int8")->capture_default_str();
}

}  // namespace gensynth::command::shared
