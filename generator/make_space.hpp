#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "generator/space/search_space.hpp"

namespace gensynth::generator {

/// Makes the space of a job: {"kind": "columnar", ...}, {"kind": "nasbench201", ...} or {"kind": "file", "path": ...}.
/// Throws Error with source and pointer.
std::unique_ptr<space::SearchSpace> make_space(const nlohmann::json& value, const std::string& source,
                                               const std::string& pointer);
/// The same JSON with all defaults written out.
nlohmann::ordered_json effective_space(const nlohmann::json& value, const std::string& source,
                                       const std::string& pointer);

}  // namespace gensynth::generator
