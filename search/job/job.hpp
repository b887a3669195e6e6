#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "constraints/registry/registry.hpp"
#include "generator/make_space.hpp"
#include "inquisitor/assessment/universal_performance.hpp"
#include "runtime/data/dataset.hpp"
#include "runtime/latency/latency_model.hpp"
#include "runtime/train/trainer.hpp"
#include "search/job/start_from.hpp"
#include "search/strategy/strategy_spec.hpp"

namespace gensynth::job {

/// Short training of each candidate that passes the checks which need no training.
struct ProxySpec {
  bool enabled = true;  ///< false ("proxy": null): candidates are scored from structure alone
  train::TrainSpec train;
  int probe_images = 16;
  double prune_quantile = 0.0;
  int prune_after = 8;
};

struct Budget {
  std::int64_t trials = 32;
  std::int64_t proposals = 200'000;
  double minutes = 0;
  std::int64_t patience = 0;
  double trial_minutes = 30;
  int trial_memory_mb = 6000;
  int keep = 3;
};

/// The use of accuracies that are predicted for networks unlike those that the model was fitted to.
enum class OutOfDistribution { reject, allow };

/// "gensynth.job" version 1 (docs/job.md), parsed and checked. Everything but the space has a default. job_options.cpp
/// declares keys, ranges and meaning.
struct Job {
  generator::SpaceSpec space;
  strategy::StrategySpec strategy;
  std::vector<constraints::ConstraintSpec> constraints;
  assessment::UniversalPerformance objective;
  data::DataSpec data;
  ProxySpec proxy;
  /// "out_of_distribution": whether a predicted accuracy is used as it is for networks unlike those that its model was
  /// fitted to; otherwise constraints and the objective use the lower end of its interval.
  OutOfDistribution out_of_distribution = OutOfDistribution::reject;
  latency::LatencyTarget device;
  int input_px = 0;
  Budget budget;
  int batch = 8;
  std::uint64_t seed = 1;
  std::vector<Start> start_from;  ///< evaluated first; a generator begins near them

  std::string source;  ///< file it came from, for messages and relative paths
};

/// Throws Error naming file, pointer, value and what was expected. Checks the whole job: space, strategy,
/// constraints, devices are looked up, relative data paths resolved against the file's folder.
Job read_job(const std::string& path);
/// `plugins`: `leave` for an effective job that was checked before, of a run that is only read.
Job job_from_json(const nlohmann::json& value, const std::string& source,
                  registry::Plugins plugins = registry::Plugins::load);
/// The effective job: every default visible.
nlohmann::ordered_json to_json(const Job& job);
/// 32 hexadecimal digits that identify the effective job; its budget, which may be raised later, has no part in them.
std::string job_digest(const Job& job);
/// Remarks for the user: no accuracy floor, no hard constraint, proxy data smaller than the batch...
std::vector<std::string> job_warnings(const Job& job);
/// The commented job that `gensynth init` writes.
std::string starter_job();

}  // namespace gensynth::job
