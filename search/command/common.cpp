#include <fmt/format.h>

#include <cmath>
#include <csignal>
#include <cstring>

#include "architecture/base/error.hpp"
#include "runtime/latency/target_options.hpp"
#include "search/command/command.hpp"
#include "search/executor/worker_pool.hpp"

namespace gensynth::command {
namespace {

/// `wait_process` adds it to the number of a signal.
constexpr int kSignalled = 128;

}  // namespace

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

void add_target_options(CLI::App& command, latency::LatencyTarget& target) {
  const auto key = [](const char* name) -> const Option& { return latency::target_options().option(name); };
  add_key_option(command, "--device", target.device, key("name"))->capture_default_str();
  add_key_option(command, "--runtime", target.runtime, key("runtime"))->capture_default_str();
  add_key_option(command, "--threads", target.threads, key("threads"))->capture_default_str();
  add_key_option(command, "--clock-ghz", target.clock_ghz, key("clock_ghz"))->capture_default_str();
  add_key_option(command, "--precision", target.precision, key("precision"))->capture_default_str();
}

int run_companion(const std::string& command, const std::string& request, int math_threads) {
  const int code = executor::wait_process(
      executor::start_process({executor::companion_program(), command, request}, "", math_threads));
  if (code <= kSignalled) return code;  // its own exit code: the kind of an error crosses with it
  const int signal = code - kSignalled;
  const bool crash = signal == SIGSEGV || signal == SIGABRT || signal == SIGBUS || signal == SIGFPE || signal == SIGILL;
  throw Error(fmt::format("gensynth-torch was ended by signal {} ({})", signal, ::strsignal(signal)),
              crash ? ErrorKind::internal : ErrorKind::environment);
}

}  // namespace gensynth::command
