#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace gensynth {
template <class T>
class OptionList;
}

namespace gensynth::teaching {

/// How the inquisitor teaches the generator, from a job's "strategy/teaching". `teaching_options` declares ranges and
/// meaning.
struct TeachingOptions {
  int rounds = 12;
  int samples = 24;
  double elite_share = 0.25;
  double step = 0.35;  ///< of the cross-entropy update
  double memory = 0.5;
  double forgetting = 0.02;  ///< share of θ, so that no choice dies out
};
const OptionList<TeachingOptions>& teaching_options();

TeachingOptions teaching_options_from_json(const nlohmann::json& value, const std::string& source,
                                           const std::string& pointer);
nlohmann::ordered_json to_json(const TeachingOptions& options);

}  // namespace gensynth::teaching
