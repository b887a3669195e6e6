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

/// The machine and its state, in the terms of Google Benchmark's context. What the system does not tell is absent.
struct HostContext {
  std::string date;  ///< ISO 8601 with the offset from UTC: 2026-01-31T13:00:00+00:00
  std::string host;
  std::string executable;  ///< the program that times, as it was called
  std::string processor;   ///< "Cortex-A72", "Intel(R) Xeon(R) Processor"
  int cpus = 1;
  std::optional<double> ghz;  ///< the highest clock it is set to
  /// Whether the system may change the clock: a processor has a governor other than "performance". False where the
  /// system knows no governors; a virtual machine cannot tell what its host does.
  std::optional<bool> cpu_scaling;
  std::vector<CacheLevel> caches;    ///< of the first processor
  std::vector<double> load_average;  ///< over 1, 5 and 15 minutes
  std::string library_version;
  std::string library_build_type;  ///< "release", or "debug" where assertions are compiled in
};

/// Reads /proc and /sys below `root`; another root is for tests.
HostContext host_context(const std::string& root = "");

/// How many processors this process may run on: fewer than the machine has where it was bound to some (taskset).
int usable_processors();

/// The keys and forms of Google Benchmark's "context", and "processor". What is not known has no key.
nlohmann::ordered_json to_json(const HostContext& context);
/// A few lines, as Google Benchmark prints them.
std::string to_text(const HostContext& context);

}  // namespace gensynth::timing
