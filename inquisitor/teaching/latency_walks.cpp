#include "inquisitor/teaching/latency_walks.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace gensynth::teaching {
namespace {

/// Samples for each walk that begins at one of them.
constexpr int kSamplesPerWalk = 4;
/// Mostly one decision is changed at a time; often two have to change together, rarely three.
constexpr int kMostChanges = 3;
/// So many times as long as usual they go on as long as none arrives: the least latency there is takes time to find.
constexpr int kLonger = 4;
/// And then they may go astray, by so many octaves at first: where they are stuck they get away.
constexpr double kHeat = 0.2;

/// How much likelier a genotype is by the generator than by chance, as a logarithm.
double liking(const distribution::Generator& generator, const space::Genotype& genotype,
              const distribution::Condition& condition) {
  double result = generator.log_prob(genotype, condition);
  for (const space::Decision& decision : generator.space().decisions(genotype)) result += std::log(decision.choices);
  return result;
}

struct Walk {
  space::Genotype at;
  Standing standing;
  LatencyRange latencies;

  void begin(const LatencyGoal& goal, space::Genotype genotype) {
    standing = goal.standing(genotype, &latencies);
    at = std::move(genotype);
  }
  /// `heat`: octaves by which it may go astray from the latency, in a step of average luck.
  void stretch(const distribution::Generator& generator, const LatencyGoal& goal, int steps, double heat, Rng rng) {
    for (int step = 0; step < steps; ++step) {
      space::Genotype genotype = goal.space.mutate(at, 1 + below(rng, 1 + below(rng, kMostChanges)), rng);
      const Standing reached = goal.standing(genotype, &latencies);
      // What stands as high is gone on with, so that plateaus are crossed. Where all is met, what the generator learned
      // of everything else must not get lost on the way: there equals are met as often as it emits them (Metropolis).
      if (reached < standing && !(heat > 0 && astray(reached, heat, rng))) continue;
      if (reached == standing && reached.level == Standing::Level::near) {
        const double gain = liking(generator, genotype, goal.condition) - liking(generator, at, goal.condition);
        if (std::log(uniform01(rng)) >= gain) continue;
      }
      at = std::move(genotype);
      standing = reached;
    }
  }
  /// Simulated annealing, among candidates that meet the constraints.
  bool astray(const Standing& reached, double heat, Rng& rng) const {
    return reached.level == Standing::Level::feasible && standing.level == reached.level &&
           std::log(uniform01(rng)) < (reached.value - standing.value) / heat;
  }
};

void each(std::vector<Walk>& walks, const std::function<void(Walk&, std::size_t)>& act) {
  oneapi::tbb::parallel_for(std::size_t{0}, walks.size(), [&](std::size_t i) { act(walks[i], i); });
}

/// Begins at samples: those that meet the constraints first, in the order in which they were drawn, then the nearest.
std::vector<Walk> begin(const distribution::Generator& generator, const LatencyGoal& goal, Rng& rng,
                        const WalkOptions& options) {
  std::vector<Walk> walks(static_cast<std::size_t>(options.walks) * kSamplesPerWalk);
  for (Walk& walk : walks) walk.at = generator.sample(rng(), goal.condition);
  each(walks, [&](Walk& walk, std::size_t) { walk.begin(goal, walk.at); });
  std::stable_sort(walks.begin(), walks.end(), [](const Walk& a, const Walk& b) {
    const bool a_meets = a.standing.level != Standing::Level::infeasible;
    const bool b_meets = b.standing.level != Standing::Level::infeasible;
    return a_meets != b_meets ? a_meets : !a_meets && a.standing > b.standing;
  });
  walks.resize(static_cast<std::size_t>(options.walks));
  return walks;
}

/// Of the walks that have not arrived, the worse half of all goes on from a cross of two of the better half.
void regroup(std::vector<Walk>& walks, const LatencyGoal& goal, Rng& rng) {
  std::stable_sort(walks.begin(), walks.end(), [](const Walk& a, const Walk& b) { return a.standing > b.standing; });
  const auto half = static_cast<int>(walks.size() / 2);
  if (half == 0) return;
  std::vector<space::Genotype> crosses(walks.size());
  for (std::size_t i = walks.size() - static_cast<std::size_t>(half); i < walks.size(); ++i) {
    if (walks[i].standing.level == Standing::Level::near) continue;
    const auto parent = [&]() -> const space::Genotype& {
      return walks[static_cast<std::size_t>(below(rng, half))].at;
    };
    const space::Genotype& one = parent();
    crosses[i] = goal.space.crossover(one, parent(), rng);
  }
  each(walks, [&](Walk& walk, std::size_t i) {
    if (!crosses[i].empty()) walk.begin(goal, std::move(crosses[i]));
  });
}

}  // namespace

LatencyWalks walk_to_latency(const distribution::Generator& generator, const LatencyGoal& goal, Rng& rng,
                             const WalkOptions& options) {
  std::vector<Walk> walks = begin(generator, goal, rng, options);
  const auto arrived = [](const Walk& walk) { return walk.standing.level == Standing::Level::near; };
  const auto on_the_way = [&] { return std::none_of(walks.begin(), walks.end(), arrived); };
  const int longest = kLonger * options.stretches;
  for (int stretch = 0; stretch < options.stretches || (stretch < longest && on_the_way()); ++stretch) {
    const int left = longest - stretch - 1;
    const double heat = stretch < options.stretches ? 0 : kHeat * left / (longest - options.stretches);
    if (stretch > 0) regroup(walks, goal, rng);
    const std::uint64_t seed = rng();
    each(walks, [&](Walk& walk, std::size_t i) {
      walk.stretch(generator, goal, options.steps, heat, Rng(derive_seed(seed, i, "walk")));
    });
  }
  std::stable_sort(walks.begin(), walks.end(), [](const Walk& a, const Walk& b) { return a.standing > b.standing; });
  LatencyWalks result;
  std::set<space::Genotype> known;
  for (Walk& walk : walks) {
    result.latencies.add(walk.latencies);
    if (!known.insert(walk.at).second) continue;
    (arrived(walk) ? result.arrived : result.on_the_way).push_back(std::move(walk.at));
  }
  return result;
}

}  // namespace gensynth::teaching
