#pragma once

#include <nlohmann/json_fwd.hpp>

namespace gensynth::worker {

/// What gensynth-torch does for the program `gensynth`, one JSON request each. Return an exit code; throw Error.
int run_worker_task(const nlohmann::json& request);  ///< {"store", "name", "parent", "lease", "once"}
int run_train_task(const nlohmann::json& request);   ///< {"net", "data", "spec", "out", "resume", "seed", "json"}
int run_onnx_task(const nlohmann::json& request);    ///< {"net", "out", "seed", "quiet"}
/// {"nets", "runtime", "threads", "warmup", "repeats", "min_seconds", "rounds", "px", "clock_ghz", "statistic", "seed",
/// "format"}
int run_bench_task(const nlohmann::json& request);

}  // namespace gensynth::worker
