#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "search/job/job.hpp"

namespace gensynth::job {

/// The differences between two effective jobs (`to_json(Job)`), each as "/POINTER BEFORE -> AFTER".
struct JobChanges {
  std::vector<std::string> budget;       ///< of the budget, which a run may change
  std::vector<std::string> budget_keys;  ///< their names: "trials"
  std::vector<std::string> others;

  /// Throws Error "CONTEXT: CHANGES; ADVICE" when anything but the budget differs.
  void refuse_all_but_budget(const std::string& context, const std::string& advice) const;
  /// `budget` with the changed keys as `now` has them.
  Budget applied_to(const Budget& budget, const Job& now) const;
};

JobChanges job_changes(const nlohmann::json& before, const nlohmann::json& after);

}  // namespace gensynth::job
