#include "search/simulation/table_benchmark.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/statistics.hpp"
#include "inquisitor/surrogate/winner.hpp"
#include "search/simulation/checkpoints.hpp"
#include "search/strategy/strategy.hpp"
#include "search/trial/observation.hpp"

namespace gensynth::simulation {
namespace {

constexpr int kKnownInARow = 100'000;
/// Capacity of the cache that all repeats share: the whole of NAS-Bench-201 (5^6 = 15,625 cells).
constexpr std::size_t kCacheCapacity = 16'384;

/// The environment of the strategies: a space whose candidates are all feasible, and U = 20 log10(score).
struct Setting {
  explicit Setting(const nasbench201::NasBench201Space& cells) : space(cells) {
    performance.alpha = 1;
    performance.beta = performance.gamma = performance.delta = 0;
    performance.accuracy = "proxy_top1";
  }
  strategy::StrategyContext context() const { return {space, assessor, performance, cache}; }

  const nasbench201::NasBench201Space& space;
  constraints::ConstraintSet rules;
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor{rules, latency, accuracy};
  assessment::UniversalPerformance performance;
  std::shared_ptr<const surrogate::CandidateCache> cache =
      std::make_shared<surrogate::CandidateCache>(space, assessor, kCacheCapacity);
};

SearchCurve run(const ScoreTable& table, const Setting& setting, const std::string& kind,
                const TableBenchmarkOptions& options, int repeat) {
  const std::unique_ptr<strategy::Strategy> strategy = strategy::make_strategy(
      strategy::strategy_spec_from_json({{"kind", kind}}, "--strategies", "/" + kind), setting.context());
  Rng rng(derive_seed(options.seed, static_cast<std::uint64_t>(repeat), "benchmark-search"));
  std::map<space::Genotype, trial::Trial> queried;
  surrogate::ObservationHistory history;
  SearchCurve curve;
  std::vector<int> marks = checkpoints(options.queries);
  auto mark = marks.begin();
  double best = 0;
  const auto point = [&] {
    const surrogate::Winner winner = surrogate::select_winner(setting.space, setting.performance, history).value();
    return SearchPoint{best, table.at(history.all()[winner.observation].genotype).report};
  };
  for (int known = 0; mark != marks.end() && known < kKnownInARow;) {
    strategy::Proposal proposal = strategy->propose(rng);
    const auto [entry, is_new] = queried.try_emplace(std::move(proposal.genotype));
    trial::Trial& trial = entry->second;
    if (is_new) {
      known = 0;
      const double score = table.at(entry->first).score;
      trial.id = trial.ordinal = static_cast<std::int64_t>(history.all().size()) + 1;
      trial.genotype = entry->first;
      trial.state = trial::TrialState::scored;
      trial.feasible = true;
      trial.metrics.set(setting.performance.accuracy, Quantity::measured(score, "%", table.source));
      trial.u = setting.performance.score(trial.metrics, {});
      best = std::max(best, score);
      history.add(trial::observation_of(trial, setting.performance.accuracy));
    } else {
      ++known;
    }
    trial.parents = std::move(proposal.parents);
    strategy->observe(trial);
    const int queries = static_cast<int>(history.all().size());
    if (!curve.queries_to_optimum && best >= table.optimum) curve.queries_to_optimum = queries;
    if (is_new && queries == *mark) curve.points[*mark++] = point();
  }
  for (const SearchPoint last = mark == marks.end() ? SearchPoint{} : point(); mark != marks.end(); ++mark) {
    curve.points[*mark] = last;
  }
  return curve;
}

/// Nothing when the rank falls among the repeats that did not find it.
std::optional<double> finite_quantile(const std::vector<double>& values, double q) {
  const double value = quantile(values, q);
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

StrategySummary summary(const std::string& kind, const std::vector<SearchCurve>& curves) {
  StrategySummary result;
  result.strategy = kind;
  std::vector<double> found;
  std::map<int, std::pair<std::vector<double>, std::vector<double>>> points;  // scores and reports by queries
  for (const SearchCurve& curve : curves) {
    result.found += curve.queries_to_optimum ? 1 : 0;
    found.push_back(curve.queries_to_optimum ? *curve.queries_to_optimum : std::numeric_limits<double>::infinity());
    for (const auto& [queries, point] : curve.points) {
      points[queries].first.push_back(point.score);
      points[queries].second.push_back(point.report);
    }
  }
  result.found /= static_cast<double>(curves.size());
  result.median_queries_to_optimum = finite_quantile(found, 0.5);
  result.p90_queries_to_optimum = finite_quantile(found, 0.9);
  for (const auto& [queries, values] : points) {
    result.mean[queries] = {mean(values.first), mean(values.second)};
    result.standard_error[queries] = {standard_error(values.first), standard_error(values.second)};
  }
  return result;
}

nlohmann::ordered_json to_json(const std::map<int, SearchPoint>& points) {
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  for (const auto& [queries, point] : points) {
    result[std::to_string(queries)] = {{"score", point.score}, {"report", point.report}};
  }
  return result;
}

}  // namespace

SearchCurve search_table(const ScoreTable& table, const nasbench201::NasBench201Space& space,
                         const std::string& strategy, const TableBenchmarkOptions& options, int repeat) {
  return run(table, Setting(space), strategy, options, repeat);
}

std::vector<StrategySummary> benchmark_on_table(const ScoreTable& table, const nasbench201::NasBench201Space& space,
                                                const TableBenchmarkOptions& options) {
  const Setting setting(space);
  for (const std::string& kind : options.strategies)
    (void)strategy::strategy_spec_from_json({{"kind", kind}}, "--strategies", "/" + kind);
  const auto repeats = static_cast<std::size_t>(options.repeats);
  std::vector<SearchCurve> curves(options.strategies.size() * repeats);
  oneapi::tbb::parallel_for(std::size_t{0}, curves.size(), [&](std::size_t i) {
    curves[i] = run(table, setting, options.strategies[i / repeats], options, static_cast<int>(i % repeats));
  });
  std::vector<StrategySummary> result;
  for (std::size_t s = 0; s < options.strategies.size(); ++s) {
    const auto first = curves.begin() + static_cast<std::ptrdiff_t>(s * repeats);
    result.push_back(summary(options.strategies[s], {first, first + static_cast<std::ptrdiff_t>(repeats)}));
  }
  return result;
}

nlohmann::ordered_json to_json(const std::vector<StrategySummary>& summaries) {
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  for (const StrategySummary& s : summaries) {
    result[s.strategy] = {{"median_queries_to_optimum", trial::number_or_null(s.median_queries_to_optimum)},
                          {"p90_queries_to_optimum", trial::number_or_null(s.p90_queries_to_optimum)},
                          {"found", s.found},
                          {"mean", to_json(s.mean)},
                          {"standard_error", to_json(s.standard_error)}};
  }
  return result;
}

}  // namespace gensynth::simulation
