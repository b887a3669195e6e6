#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "search/analysis/rejections.hpp"

namespace gensynth::report::runs {

std::string rejections_text(const std::vector<analysis::RuleRejections>& rejections);
/// By rule: "rejected", "share", "stage", "core_seconds", "closest".
nlohmann::ordered_json rejections_json(const std::vector<analysis::RuleRejections>& rejections);

}  // namespace gensynth::report::runs
