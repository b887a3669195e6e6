#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "search/job/job.hpp"
#include "search/loop/search_loop.hpp"
#include "search/run/run_folder.hpp"

namespace gensynth::loop {

/// Emits the winner as AttendNeXt into the run's result/: attendnext.json, .svg, and, when its weights are there,
/// .safetensors and .onnx (verified against LibTorch). What could not be written is returned as remarks: a failed
/// export never fails a search.
struct ResultFiles {
  std::vector<std::string> written;
  std::vector<std::string> remarks;
};
ResultFiles write_result(const run::RunFolder& run, const job::Job& job, const trial::Trial& winner);

/// Trials that no other feasible one beats in both latency and accuracy, by rising latency.
std::vector<trial::Trial> pareto_front(const std::vector<trial::Trial>& trials, const std::string& accuracy);

/// Why candidates were turned down: rule, how many, share of all proposals, compute spent, closest miss.
std::string reject_table(const run::RunFolder& run);
/// The same for machines: by rule "rejected", "share", "stage", "core_seconds", "closest".
nlohmann::ordered_json rejects_to_json(const run::RunFolder& run);

}  // namespace gensynth::loop
