// Any bytes as a CSV of measurements: an Error, or rows whose numbers are in the documented ranges.
#include "runtime/latency/calibration/measurements.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  return fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    if (text.find(".json") != std::string::npos) return;  // a network of its own, from a file
    const std::vector<latency::calibration::Measurement> measurements =
        latency::calibration::parse_measurements(text, "fuzz");
    fuzz::demand(!measurements.empty());
    for (const latency::calibration::Measurement& m : measurements) {
      fuzz::demand(m.threads >= 1 && m.clock_ghz > 0 && m.ms > 0 && m.px >= 0 && !m.group.empty());
    }
  });
}
