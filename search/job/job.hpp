#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "generator/space/search_space.hpp"
#include "inquisitor/assessment/universal_performance.hpp"
#include "runtime/data/dataset.hpp"
#include "runtime/latency/latency_model.hpp"
#include "runtime/train/trainer.hpp"
#include "search/job/start_from.hpp"

namespace gensynth::job {

/// Proxy training: what a candidate goes through after the free stages.
struct ProxySpec {
  bool enabled = true;  ///< false ("proxy": null): the free stages alone score a candidate
  train::TrainSpec train;
  int probe_images = 16;        ///< stimulus of the probe; 0 = no probe
  double prune_quantile = 0.0;  ///< at each rung but the last, below this quantile of earlier trials is pruned
  int prune_after = 8;          ///< trials that must have passed a rung before it prunes
};

struct Budget {
  std::int64_t trials = 32;          ///< candidates that are evaluated (not rejected free)
  std::int64_t proposals = 200'000;  ///< all candidates, rejected ones included
  double minutes = 0;                ///< of wall time; 0 = no limit
  double trial_minutes = 30;         ///< a trial that takes longer has failed
  int trial_memory_mb = 6000;        ///< a trial that takes more has failed
  int keep = 3;                      ///< weights of so many best trials are kept
};

/// "gensynth.job" version 1 (docs/job.md). Everything but the space has a default.
struct Job {
  nlohmann::json space;
  nlohmann::json strategy;     ///< {"kind": ..., options}
  nlohmann::json constraints;  ///< array
  assessment::UniversalPerformance objective;
  data::DataSpec data;
  ProxySpec proxy;
  /// "out_of_distribution": whether a predicted accuracy counts as it is for networks unlike those it was fitted to;
  /// else rules and the objective take the lower end of its interval.
  bool allow_out_of_distribution = false;
  latency::LatencyTarget device;
  int input_px = 0;  ///< resolution on the device; 0 = the architecture's own
  Budget budget;
  int batch = 8;  ///< proposal n depends on evaluated trials up to n - batch
  std::uint64_t seed = 1;
  std::vector<Start> start_from;  ///< evaluated first; a generator begins at them

  std::string source;  ///< file it came from, for messages and relative paths
};

/// Throws Error naming file, pointer, value and what was expected. Checks the whole job: space, strategy,
/// constraints, devices are looked up, relative data paths resolved against the file's folder.
Job read_job(const std::string& path);
Job job_from_json(const nlohmann::json& value, const std::string& source);
/// The effective job: every default visible.
nlohmann::ordered_json to_json(const Job& job);
/// Remarks for the user: no accuracy floor, no hard constraint, proxy data smaller than the batch...
std::vector<std::string> job_warnings(const Job& job);
/// The commented job that `gensynth init` writes.
std::string starter_job();

}  // namespace gensynth::job
