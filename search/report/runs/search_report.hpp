#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "search/analysis/rejections.hpp"
#include "search/loop/search_loop.hpp"
#include "search/result/result_files.hpp"
#include "search/sampling/generator_summary.hpp"

namespace gensynth::report::runs {

/// The final report of `search`.
struct SearchReport {
  std::string run;  ///< folder
  job::Job job;
  loop::SearchOutcome outcome;
  result::ResultFiles files;
  std::vector<analysis::RuleRejections> rejections;
  std::string warning;  ///< of a rule that took most of them (analysis::dominant_rule); else ""
  std::optional<sampling::GeneratorSummary> generator;
  std::vector<trial::Trial> alternatives;  ///< the best trial of each structure of the Pareto front
  std::optional<data::Contents> data;      ///< of proxy training; nothing without it
  std::int64_t failed_trials() const;
};

std::string search_text(const SearchReport& report);
nlohmann::ordered_json search_json(const SearchReport& report);

}  // namespace gensynth::report::runs
