#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/base/option.hpp"
#include "search/job/job.hpp"

namespace gensynth::job {

/// Objective, data, proxy, device, budget, batch and seed of a job.
const OptionList<Job>& job_options();
const OptionList<Budget>& budget_options();
/// A job's "device": the target and the resolution.
const OptionList<Job>& device_options();

/// The key "out_of_distribution" of a job.
const OptionList<Job>& judging_options();

/// The JSON schema (draft-07) of a job: docs/job.schema.json.
nlohmann::ordered_json job_schema();

/// One section of docs/job.md and the Markdown table of its keys.
struct KeyTable {
  std::string section;  ///< "budget"
  std::string markdown;
};
std::vector<KeyTable> job_key_tables();

/// "rungs, batch, ...": the keys of a section that an example does not have to show.
std::string key_list(const std::string& section);

}  // namespace gensynth::job
