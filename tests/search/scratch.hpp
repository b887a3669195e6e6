#pragma once

#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "search/job/job.hpp"
#include "search/loop/run_search.hpp"
#include "search/run/run.hpp"

namespace gensynth::testing {

/// A folder of one test's own, which is removed at its end.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "gensynth-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// A job that trains nothing: its whole loop runs in one process.
inline nlohmann::json untrained_job(const std::string& strategy = "random") {
  return {{"format", "gensynth.job"},
          {"version", 1},
          {"space", {{"kind", "columnar"}, {"px", 32}}},
          {"strategy", {{"kind", strategy}}},
          {"constraints", {{{"constraint", "expression"}, {"expression", "params < 1e6"}, {"label", "small"}}}},
          {"objective", {{"accuracy", "top1"}}},
          {"proxy", nullptr},
          {"budget", {{"trials", 12}}},
          {"seed", 3}};
}

/// Runs a new search of job `text` in `folder` until its budget is used up.
inline loop::SearchOutcome search(const std::string& folder, const nlohmann::json& text) {
  run::Run run = run::Run::create(folder, job::job_from_json(text, "job"));
  return loop::run_search(run, {}, {});
}

}  // namespace gensynth::testing
