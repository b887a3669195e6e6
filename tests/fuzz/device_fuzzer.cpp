// Any bytes as a device file: an Error, or a device that reads back as itself and on which every runtime gives a time.
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "runtime/latency/devices/device.hpp"
#include "runtime/latency/latency_model.hpp"
#include "runtime/timing/kernel_suite.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  static const Architecture network = timing::named_network("kernel:columns4-c8-px8");
  static fuzz::MemoryFile file;
  return fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    const latency::devices::Device device = latency::devices::device_from_json(parse_json(text, "fuzz"), "fuzz");
    const latency::devices::Device again =
        latency::devices::device_from_json(parse_json(to_text(device), "again"), "again");
    fuzz::demand(to_text(again) == to_text(device));
    const std::string& path = file.holding(text);
    for (const auto& [runtime, of_runtime] : device.runtimes) {
      for (const auto& [precision, unused] : of_runtime.precisions) {
        const latency::LatencyTarget target{device.name, runtime, device.cores, device.clocks_ghz.front(), precision};
        const latency::LatencyEstimate estimate = latency::LatencyModel(target, path).estimate(network);
        fuzz::demand(estimate.ms >= 0 && estimate.low <= estimate.ms && estimate.ms <= estimate.high);
      }
    }
  });
}
