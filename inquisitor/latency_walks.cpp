#include "inquisitor/latency_walks.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace gensynth {
namespace {

/// Samples for each walk that begins at one of them.
constexpr int kSamplesPerWalk = 4;
/// Mostly one decision is changed at a time; often two have to change together, rarely three.
constexpr int kMostChanges = 3;

/// How much likelier a genotype is by the generator than by chance, as a logarithm.
double liking(const Generator& generator, const Genotype& genotype, const Condition& condition) {
  double result = generator.log_prob(genotype, condition);
  for (const Decision& decision : generator.space().decisions(genotype)) result += std::log(decision.choices);
  return result;
}

struct Walk {
  Genotype at;
  Standing standing;
  LatencyRange latencies;

  void begin(const LatencyGoal& goal, Genotype genotype) {
    standing = goal.standing(genotype, &latencies);
    at = std::move(genotype);
  }
  void stretch(const Generator& generator, const LatencyGoal& goal, int steps, Rng rng) {
    for (int step = 0; step < steps; ++step) {
      Genotype genotype = goal.space.mutate(at, 1 + below(rng, 1 + below(rng, kMostChanges)), rng);
      const Standing reached = goal.standing(genotype, &latencies);
      // What stands as high is gone on with, so that plateaus are crossed. Where all is met, what the generator learned
      // of everything else must not get lost on the way: there equals are met as often as it emits them (Metropolis).
      if (reached < standing) continue;
      if (reached == standing && reached.level == Standing::Level::near) {
        const double gain = liking(generator, genotype, goal.condition) - liking(generator, at, goal.condition);
        if (std::log(uniform01(rng)) >= gain) continue;
      }
      at = std::move(genotype);
      standing = reached;
    }
  }
};

void each(std::vector<Walk>& walks, const std::function<void(Walk&, std::size_t)>& act) {
  oneapi::tbb::parallel_for(std::size_t{0}, walks.size(), [&](std::size_t i) { act(walks[i], i); });
}

/// Begins at samples: those that meet the constraints first, in the order in which they were drawn, then the nearest.
std::vector<Walk> begin(const Generator& generator, const LatencyGoal& goal, Rng& rng, const WalkOptions& options) {
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
  std::vector<Genotype> crosses(walks.size());
  for (std::size_t i = walks.size() - static_cast<std::size_t>(half); i < walks.size(); ++i) {
    if (walks[i].standing.level == Standing::Level::near) continue;
    const auto parent = [&]() -> const Genotype& { return walks[static_cast<std::size_t>(below(rng, half))].at; };
    const Genotype& one = parent();
    crosses[i] = goal.space.crossover(one, parent(), rng);
  }
  each(walks, [&](Walk& walk, std::size_t i) {
    if (!crosses[i].empty()) walk.begin(goal, std::move(crosses[i]));
  });
}

}  // namespace

LatencyWalks walk_to_latency(const Generator& generator, const LatencyGoal& goal, Rng& rng,
                             const WalkOptions& options) {
  std::vector<Walk> walks = begin(generator, goal, rng, options);
  for (int stretch = 0; stretch < options.stretches; ++stretch) {
    if (stretch > 0) regroup(walks, goal, rng);
    const std::uint64_t seed = rng();
    each(walks, [&](Walk& walk, std::size_t i) {
      walk.stretch(generator, goal, options.steps, Rng(derive_seed(seed, i, "walk")));
    });
  }
  std::stable_sort(walks.begin(), walks.end(), [](const Walk& a, const Walk& b) { return a.standing > b.standing; });
  LatencyWalks result;
  std::set<Genotype> known;
  for (Walk& walk : walks) {
    result.latencies.add(walk.latencies);
    if (!known.insert(walk.at).second) continue;
    const bool arrived = walk.standing.level == Standing::Level::near;
    (arrived ? result.arrived : result.on_the_way).push_back(std::move(walk.at));
  }
  return result;
}

}  // namespace gensynth
