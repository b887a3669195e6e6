#pragma once

#include <string>
#include <vector>

#include "search/simulation/surrogate_summary.hpp"
#include "search/simulation/table_benchmark.hpp"

namespace gensynth::simulation {

/// `score` and `report` are the names of the table's columns.
std::string table_benchmark_text(const std::vector<StrategySummary>& summaries, const std::string& score,
                                 const std::string& report, const TableBenchmarkOptions& options);

std::string surrogate_benchmark_text(const std::vector<SurrogateSummary>& summaries,
                                     const SurrogateObjective::Quality& quality, int repeats);

}  // namespace gensynth::simulation
