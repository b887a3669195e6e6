#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "generator/distribution/mixture.hpp"
#include "inquisitor/teaching/latency_goal.hpp"
#include "search/run/search_context.hpp"

namespace gensynth::sampling {

/// Statistics of samples of a generator.
struct GeneratorSummary {
  int samples = 0;
  int feasible = 0;                ///< of the raw samples: every hard constraint that needs no training is met
  std::optional<double> median_u;  ///< of the feasible ones, dB; predicted
  std::optional<double> best_u;    ///< of them
  int structures = 0;              ///< groups of the feasible ones (space::group_by_structure)
  int decisions = 0;               ///< that all samples are asked and that have more than one choice
  /// A decision that at least a share `kSure` of the samples answers alike.
  struct Sure {
    std::string decision;
    std::string choice;  ///< its label
    double share = 0;
  };
  std::vector<Sure> sure;
};
constexpr double kSure = 0.95;

/// `utility`: U of feasible candidates; null: it is not known. Deterministic. Runs on the TBB pool.
GeneratorSummary summarise(const run::SearchContext& parts, const distribution::Mixture& generator,
                           const teaching::Utility& utility, int samples = 100);

nlohmann::ordered_json to_json(const GeneratorSummary& summary);
std::string to_text(const GeneratorSummary& summary);  ///< lines for the end of a search

}  // namespace gensynth::sampling
