#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace gensynth::timing {

struct CacheLevel {
  std::string type;  ///< "Data", "Instruction", "Unified"
  int level = 1;
  std::int64_t bytes = 0;
  int shared_by = 1;  ///< processors
};

/// The machine and its state, in the terms of Google Benchmark's context. Facts that the system does not report are
/// absent.
struct HostContext {
  std::string date;  ///< ISO 8601 with the offset from UTC: 2026-01-31T13:00:00+00:00
  std::string host;
  std::string executable;  ///< the first word of the command line
  std::string processor;   ///< "Cortex-A72", "Intel(R) Xeon(R) Processor"
  int cpus = 1;
  std::optional<double> ghz;  ///< the highest clock that is configured
  /// Whether the system may change the clock: a processor has a governor other than "performance". False where the
  /// system has no governors, as in a virtual machine, whose host may change the clock.
  std::optional<bool> cpu_scaling;
  std::vector<CacheLevel> caches;    ///< of the first processor
  std::vector<double> load_average;  ///< over 1, 5 and 15 minutes
  std::string library_version;
  std::string library_build_type;  ///< "release", or "debug" where assertions are compiled in
};

/// Reads /proc and /sys below `root`; another root is for tests.
HostContext host_context(const std::string& root = "");

/// The number of processors that this process may run on: fewer than the machine has if it was bound (taskset).
int usable_processors();

/// The keys and forms of Google Benchmark's "context", and "processor". Unknown facts have no key.
nlohmann::ordered_json to_json(const HostContext& context);
/// Reads that form, without loss but for the clock, which is in whole MHz. Throws Error naming source and pointer.
HostContext host_context_from_json(const nlohmann::json& value, const std::string& source,
                                   const std::string& pointer = "");
/// A few lines, as Google Benchmark prints them.
std::string to_text(const HostContext& context);

}  // namespace gensynth::timing
