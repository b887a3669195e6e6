#include "search/report/networks/target_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "search/report/format.hpp"

namespace gensynth::report::networks {

std::string target_text(const latency::LatencyTarget& t) {
  return fmt::format("{}, {}, {}, {:.2f} GHz, {}", t.device, t.runtime, threads_text(t.threads), t.clock_ghz,
                     to_string(t.precision));
}

std::string setting_text(const latency::LatencyTarget& t) {
  return fmt::format("{}, {:.2f} GHz, {}", t.device, t.clock_ghz, to_string(t.precision));
}

nlohmann::ordered_json target_json(const latency::LatencyTarget& t) {
  return {{"device", t.device},
          {"runtime", t.runtime},
          {"threads", t.threads},
          {"clock_ghz", t.clock_ghz},
          {"precision", to_string(t.precision)}};
}

}  // namespace gensynth::report::networks
