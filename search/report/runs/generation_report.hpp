#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "search/sampling/generation.hpp"

namespace gensynth::report::runs {

std::string generation_text(const sampling::Generation& generation);
nlohmann::ordered_json generation_json(const sampling::Generation& generation);

}  // namespace gensynth::report::runs
