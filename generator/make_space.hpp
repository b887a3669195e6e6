#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "generator/space/search_space.hpp"

namespace gensynth::generator {

/// From a job's "space": {"kind": "columnar", ...}, {"kind": "nasbench201", ...} or {"kind": "file", "path": ...}.
/// Throws Error with source and pointer.
std::unique_ptr<space::SearchSpace> make_space(const nlohmann::json& value, const std::string& source,
                                               const std::string& pointer);
/// With all defaults made visible.
nlohmann::ordered_json effective_space(const nlohmann::json& value, const std::string& source,
                                       const std::string& pointer);

}  // namespace gensynth::generator
