#include "search/simulation/surrogate_summary.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/strategy/strategy.hpp"

namespace gensynth::simulation {
namespace {

/// One measure of one strategy after a number of trials, by repeat; nothing where a search had no feasible trial.
using Values = std::vector<std::optional<double>>;
struct Measures {
  Values chosen, best, hypervolume;
};

MeanInterval over_known(const Values& values) {
  std::vector<double> known;
  for (const std::optional<double>& value : values) {
    if (value) known.push_back(*value);
  }
  return mean_interval(known);
}

Values difference(const Values& a, const Values& b) {
  Values result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] && b[i]) result[i] = *a[i] - *b[i];
  }
  return result;
}

SurrogateSummary::Point summary_of(const Measures& m) {
  const auto searches = std::count_if(m.best.begin(), m.best.end(), [](const auto& best) { return best.has_value(); });
  return {over_known(m.chosen), over_known(m.best), over_known(m.hypervolume), static_cast<int>(searches)};
}

std::map<int, Measures> measures_of(const SurrogateCurve* curves, std::size_t repeats) {
  std::map<int, Measures> result;
  for (std::size_t r = 0; r < repeats; ++r) {
    for (const auto& [trials, point] : curves[r].points) {
      Measures& m = result[trials];
      m.chosen.push_back(point.chosen);
      m.best.push_back(point.best);
      m.hypervolume.emplace_back(point.hypervolume);
    }
  }
  return result;
}

}  // namespace

std::vector<SurrogateSummary> run_surrogate_benchmark(const SurrogateBenchmark& benchmark,
                                                      const SurrogateBenchmarkOptions& options) {
  for (const std::string& kind : options.strategies)
    (void)strategy::strategy_spec_from_json({{"kind", kind}}, "--strategies", "/" + kind);
  const auto repeats = static_cast<std::size_t>(options.repeats);
  std::vector<SurrogateCurve> curves(options.strategies.size() * repeats);
  oneapi::tbb::parallel_for(std::size_t{0}, curves.size(), [&](std::size_t i) {
    curves[i] = benchmark.search(options.strategies[i / repeats], options, static_cast<int>(i % repeats));
  });
  std::vector<SurrogateSummary> result;
  std::map<int, Measures> first;
  for (std::size_t s = 0; s < options.strategies.size(); ++s) {
    SurrogateSummary summary;
    summary.strategy = options.strategies[s];
    std::vector<double> feasible;
    for (std::size_t r = 0; r < repeats; ++r) {
      const SurrogateCurve& curve = curves[s * repeats + r];
      if (curve.trials == 0) {
        throw Error(summary.strategy + ": no proposal in " + std::to_string(options.proposals) +
                    " met the constraints, expected at least one; raise --proposals");
      }
      summary.proposals += static_cast<double>(curve.proposals) / static_cast<double>(repeats);
      summary.cut_short += curve.trials < options.trials ? 1 : 0;
      summary.infeasible += curve.trials - curve.feasible;
      feasible.push_back(static_cast<double>(curve.feasible) / curve.trials);
    }
    summary.feasible = mean_interval(feasible);
    const std::map<int, Measures> measures = measures_of(&curves[s * repeats], repeats);
    if (s == 0) first = measures;
    for (const auto& [trials, m] : measures) {
      summary.points[trials] = summary_of(m);
      if (s == 0) continue;
      const Measures& f = first.at(trials);
      summary.behind[trials] = summary_of(
          {difference(f.chosen, m.chosen), difference(f.best, m.best), difference(f.hypervolume, m.hypervolume)});
    }
    result.push_back(std::move(summary));
  }
  return result;
}

namespace {

nlohmann::ordered_json to_json(const std::map<int, SurrogateSummary::Point>& points) {
  const auto pair = [](const MeanInterval& interval) {
    return nlohmann::ordered_json{{"mean", interval.mean}, {"half_width", interval.half}};
  };
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  for (const auto& [trials, point] : points) {
    result[std::to_string(trials)] = {{"chosen_u", pair(point.chosen)},
                                      {"best_u", pair(point.best)},
                                      {"hypervolume", pair(point.hypervolume)},
                                      {"searches", point.searches}};
  }
  return result;
}

}  // namespace

nlohmann::ordered_json to_json(const std::vector<SurrogateSummary>& summaries) {
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  for (const SurrogateSummary& s : summaries) {
    result[s.strategy] = {{"proposals", s.proposals},
                          {"cut_short", s.cut_short},
                          {"feasible_share", {{"mean", s.feasible.mean}, {"half_width", s.feasible.half}}},
                          {"at", to_json(s.points)}};
    if (!s.behind.empty()) result[s.strategy]["behind_first"] = to_json(s.behind);
  }
  return result;
}

}  // namespace gensynth::simulation
