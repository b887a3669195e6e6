#include "inquisitor/teaching/latency_search.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace gensynth::teaching {
namespace {

/// Samples drawn for each search that starts from one of them.
constexpr int kSamplesPerSearch = 4;
/// Most steps change one decision; often two have to change together, rarely three.
constexpr int kMaxChanges = 3;
/// Factor by which the number of rounds grows as long as no search is on target: extreme latencies take time to find.
constexpr int kMaxRoundsFactor = 4;
/// Initial temperature of the additional rounds, in octaves of latency: searches that are stuck may get worse.
constexpr double kTemperature = 0.2;

/// Logarithm of the probability of a genotype under the generator relative to the uniform prior.
double log_preference(const distribution::Generator& generator, const space::Genotype& genotype,
                      const distribution::Condition& condition) {
  double result = generator.log_prob(genotype, condition);
  for (const space::Decision& decision : generator.space().decisions(genotype)) result += std::log(decision.choices);
  return result;
}

struct LocalSearch {
  space::Genotype current;
  GoalScore score;
  LatencyRange latencies;

  bool on_target() const { return score.level == GoalScore::Level::on_target; }
  void start(const LatencyGoal& goal, space::Genotype genotype) {
    score = goal.score(genotype, &latencies);
    current = std::move(genotype);
  }
  /// A `temperature` above 0 accepts worse latencies, by that number of octaves on average.
  void run(const distribution::Generator& generator, const LatencyGoal& goal, int steps, double temperature, Rng rng) {
    for (int step = 0; step < steps; ++step) {
      space::Genotype genotype = goal.space.mutate(current, 1 + below(rng, 1 + below(rng, kMaxChanges)), rng);
      const GoalScore reached = goal.score(genotype, &latencies);
      // Equal scores are accepted, so that plateaus are crossed. On target, candidates of equal utility are accepted
      // with the generator's preference, so that what it learned about other goals is kept.
      if (reached < score && !(temperature > 0 && accept_worse(reached, temperature, rng))) continue;
      if (reached == score && reached.level == GoalScore::Level::on_target) {
        const double gain =
            log_preference(generator, genotype, goal.condition) - log_preference(generator, current, goal.condition);
        if (std::log(uniform01(rng)) >= gain) continue;
      }
      current = std::move(genotype);
      score = reached;
    }
  }
  /// Simulated annealing among candidates that meet the constraints.
  bool accept_worse(const GoalScore& reached, double temperature, Rng& rng) const {
    return reached.level == GoalScore::Level::feasible && score.level == reached.level &&
           std::log(uniform01(rng)) < (reached.value - score.value) / temperature;
  }
};

void in_parallel(std::vector<LocalSearch>& searches, const std::function<void(LocalSearch&, std::size_t)>& act) {
  oneapi::tbb::parallel_for(std::size_t{0}, searches.size(), [&](std::size_t i) { act(searches[i], i); });
}

/// Starts at samples: first at those that meet the constraints, in the order in which they were drawn, then at the
/// nearest to feasible.
std::vector<LocalSearch> start_searches(const distribution::Generator& generator, const LatencyGoal& goal, Rng& rng,
                                        const LatencySearchOptions& options) {
  std::vector<LocalSearch> searches(static_cast<std::size_t>(options.searches) * kSamplesPerSearch);
  for (LocalSearch& search : searches) search.current = generator.sample(rng(), goal.condition);
  in_parallel(searches, [&](LocalSearch& search, std::size_t) { search.start(goal, search.current); });
  std::stable_sort(searches.begin(), searches.end(), [](const LocalSearch& a, const LocalSearch& b) {
    const bool a_feasible = a.score.level != GoalScore::Level::infeasible;
    const bool b_feasible = b.score.level != GoalScore::Level::infeasible;
    return a_feasible != b_feasible ? a_feasible : !a_feasible && a.score > b.score;
  });
  searches.resize(static_cast<std::size_t>(options.searches));
  return searches;
}

void sort_best_first(std::vector<LocalSearch>& searches) {
  std::stable_sort(searches.begin(), searches.end(),
                   [](const LocalSearch& a, const LocalSearch& b) { return a.score > b.score; });
}

/// Restarts the searches of the worse half that are not on target, each from a crossover of two of the better half.
void restart_worse_half(std::vector<LocalSearch>& searches, const LatencyGoal& goal, Rng& rng) {
  sort_best_first(searches);
  const auto half = static_cast<int>(searches.size() / 2);
  if (half == 0) return;
  std::vector<space::Genotype> crosses(searches.size());
  for (std::size_t i = searches.size() - static_cast<std::size_t>(half); i < searches.size(); ++i) {
    if (searches[i].on_target()) continue;
    const auto parent = [&]() -> const space::Genotype& {
      return searches[static_cast<std::size_t>(below(rng, half))].current;
    };
    const space::Genotype& one = parent();
    crosses[i] = goal.space.crossover(one, parent(), rng);
  }
  in_parallel(searches, [&](LocalSearch& search, std::size_t i) {
    if (!crosses[i].empty()) search.start(goal, std::move(crosses[i]));
  });
}

}  // namespace

LatencySearchResult search_latency(const distribution::Generator& generator, const LatencyGoal& goal, Rng& rng,
                                   const LatencySearchOptions& options) {
  std::vector<LocalSearch> searches = start_searches(generator, goal, rng, options);
  const auto none_on_target = [&] {
    return std::none_of(searches.begin(), searches.end(), [](const LocalSearch& s) { return s.on_target(); });
  };
  const int most = kMaxRoundsFactor * options.rounds;
  for (int round = 0; round < options.rounds || (round < most && none_on_target()); ++round) {
    const int left = most - round - 1;
    const double temperature = round < options.rounds ? 0 : kTemperature * left / (most - options.rounds);
    if (round > 0) restart_worse_half(searches, goal, rng);
    const std::uint64_t seed = rng();
    in_parallel(searches, [&](LocalSearch& search, std::size_t i) {
      search.run(generator, goal, options.steps, temperature, Rng(derive_seed(seed, i, "walk")));
    });
  }
  sort_best_first(searches);
  LatencySearchResult result;
  std::set<space::Genotype> known;
  for (LocalSearch& search : searches) {
    result.latencies.add(search.latencies);
    if (!known.insert(search.current).second) continue;
    (search.on_target() ? result.on_target : result.nearest).push_back(std::move(search.current));
  }
  return result;
}

}  // namespace gensynth::teaching
