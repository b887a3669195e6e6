#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "search/job.hpp"
#include "search/run_folder.hpp"
#include "search/search_loop.hpp"

namespace gensynth {

/// Emits the winner as AttendNeXt into the run's result/: attendnext.json, .svg, and, when its weights are there,
/// .safetensors and .onnx (verified against LibTorch). What could not be written is returned as remarks: a failed
/// export never fails a search.
struct ResultFiles {
  std::vector<std::string> written;
  std::vector<std::string> remarks;
};
ResultFiles write_result(const RunFolder& run, const Job& job, const Trial& winner);

/// Trials that no other feasible one beats in both latency and accuracy, by rising latency.
std::vector<Trial> pareto_front(const std::vector<Trial>& trials, const std::string& accuracy);

/// Why candidates were turned down: rule, how many, share of all proposals, compute spent, closest miss.
std::string reject_table(const RunFolder& run);
/// The same for machines: by rule "rejected", "share", "stage", "core_seconds", "closest".
nlohmann::ordered_json rejects_to_json(const RunFolder& run);

}  // namespace gensynth
