#include "inquisitor/surrogate/nearest_genotype.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "architecture/hash.hpp"
#include "generator/space/exchange.hpp"
#include "inquisitor/features/features.hpp"
#include "inquisitor/features/path_features.hpp"
#include "inquisitor/surrogate/covariance.hpp"

namespace gensynth::surrogate {
namespace {

/// Share of the evaluations that simulated annealing uses. It comes before the descents, because the kind of a block
/// improves only together with the widths and kernels that suit it.
constexpr double kAnnealedShare = 0.85;
/// First and last temperature of the annealing, in units of distance.
constexpr double kHot = 0.05, kCold = 0.005;
/// Maximum number of decisions that one step of the annealing changes.
constexpr int kMaxChanges = 3;
/// One step in so many exchanges two places instead.
constexpr int kExchangeEvery = 8;
/// Maximum number of decisions that are changed before another descent.
constexpr int kMaxPerturbation = 4;
/// Number of successive descents without a nearer network that ends the search.
constexpr int kPatience = 8;
/// Largest distance that rounding alone explains.
constexpr double kAlike = 1e-6;

/// A description without decisions, so that it depends on the network alone.
features::Description description_of(const Architecture& network) {
  features::Description result;
  result.values = features::architecture_features(network);
  const std::vector<double> paths = features::path_features(network);
  result.values.insert(result.values.end(), paths.begin(), paths.end());
  result.motifs = features::architecture_motifs(network);
  return result;
}

class Search {
 public:
  Search(const space::SearchSpace& space, const Architecture& network, Rng& rng, const NearestOptions& options)
      : space_(space),
        network_(network),
        hash_(canonical_hash(network)),
        rng_(rng),
        options_(options),
        samples_(described_samples()),
        comparison_(measure()) {}

  NearestGenotype run() {
    std::vector<NearestGenotype> starts;
    for (const auto& [genotype, description] : samples_) starts.push_back({genotype, distance(description)});
    std::stable_sort(starts.begin(), starts.end(),
                     [](const NearestGenotype& a, const NearestGenotype& b) { return a.distance < b.distance; });
    const double random_median_distance = starts[starts.size() / 2].distance;
    starts.resize(std::min(starts.size(), static_cast<std::size_t>(std::max(1, options_.chains))));
    anneal(starts);
    NearestGenotype best =
        *std::min_element(starts.begin(), starts.end(),
                          [](const NearestGenotype& a, const NearestGenotype& b) { return a.distance < b.distance; });
    int without_improvement = 0;
    for (std::size_t start = 0;
         !best.exact && evaluations_ < options_.max_evaluations && without_improvement < kPatience; ++start) {
      NearestGenotype found = start < starts.size() ? starts[start] : perturbed(best);
      descend(found);
      const bool better = found.exact || found.distance < best.distance;
      without_improvement = better ? 0 : without_improvement + 1;
      if (better) best = std::move(found);
    }
    best.random_median_distance = random_median_distance;
    return best;
  }

 private:
  using Samples = std::vector<std::pair<space::Genotype, features::Description>>;

  Samples described_samples() {
    Samples samples;
    for (int i = 0; i < std::max(1, options_.samples); ++i) samples.push_back({space_.sample(rng_), {}});
    oneapi::tbb::parallel_for(std::size_t{0}, samples.size(), [&](std::size_t i) {
      samples[i].second = description_of(space_.build(samples[i].first));
    });
    evaluations_ = static_cast<int>(samples.size());
    return samples;
  }

  Comparison measure() const {
    const features::Description target = description_of(network_);
    std::vector<std::vector<double>> reference;
    for (const auto& [genotype, description] : samples_) reference.push_back(description.values);
    return Comparison({&target}, reference);
  }

  double distance(const features::Description& description) const {
    const Similarity similarity = comparison_.with({&description});
    return std::sqrt(similarity.distance(0, 0)) + std::max(0.0, 1 - similarity.overlap(0, 0));
  }

  std::vector<double> distances(const std::vector<space::Genotype>& genotypes) {
    std::vector<std::size_t> fresh;
    for (std::size_t i = 0; i < genotypes.size(); ++i) {
      if (known_.try_emplace(genotypes[i], 0.0).second) fresh.push_back(i);
    }
    std::vector<double> found(fresh.size());
    oneapi::tbb::parallel_for(std::size_t{0}, fresh.size(), [&](std::size_t i) {
      found[i] = distance(description_of(space_.build(genotypes[fresh[i]])));
    });
    for (std::size_t i = 0; i < fresh.size(); ++i) known_[genotypes[fresh[i]]] = found[i];
    evaluations_ += static_cast<int>(fresh.size());
    std::vector<double> result;
    for (const space::Genotype& genotype : genotypes) result.push_back(known_.at(genotype));
    return result;
  }

  /// Replaces each of `chains` by the nearest that a chain of simulated annealing meets from there.
  void anneal(std::vector<NearestGenotype>& chains) {
    const int left = std::max(0, options_.max_evaluations - evaluations_);
    const int steps = static_cast<int>(kAnnealedShare * left) / static_cast<int>(chains.size());
    std::vector<std::uint64_t> seeds;
    for (std::size_t i = 0; i < chains.size(); ++i) seeds.push_back(rng_());
    std::vector<int> taken(chains.size());
    oneapi::tbb::parallel_for(std::size_t{0}, chains.size(), [&](std::size_t i) {
      Rng rng(seeds[i]);
      NearestGenotype at = chains[i];
      for (int& step = taken[i]; step < steps && chains[i].distance > kAlike; ++step) {
        const double temperature = kHot * std::pow(kCold / kHot, step / static_cast<double>(steps));
        space::Genotype next = varied(at.genotype, rng);
        const double away = distance(description_of(space_.build(next)));
        if (away > at.distance && uniform01(rng) >= std::exp((at.distance - away) / temperature)) continue;
        at.genotype = std::move(next);
        at.distance = away;
        if (away < chains[i].distance) chains[i] = at;
      }
    });
    for (const int steps_taken : taken) evaluations_ += steps_taken;
  }

  space::Genotype varied(const space::Genotype& genotype, Rng& rng) const {
    if (below(rng, kExchangeEvery) == 0) {
      const std::vector<space::Genotype> all = space::exchanges(space_, genotype);
      if (!all.empty()) return all[static_cast<std::size_t>(below(rng, static_cast<int>(all.size())))];
    }
    return space_.mutate(genotype, 1 + below(rng, 1 + below(rng, kMaxChanges)), rng);
  }

  NearestGenotype perturbed(const NearestGenotype& from) {
    const std::vector<space::Genotype> one{space_.mutate(from.genotype, 1 + below(rng_, kMaxPerturbation), rng_)};
    return {one.front(), distances(one).front()};
  }

  /// The genotypes that differ in the answer to the decision at `position`.
  std::vector<space::Genotype> others_at(const space::Genotype& genotype, std::size_t position) const {
    const std::vector<space::Decision> asked = space_.decisions(genotype);
    std::vector<space::Genotype> all = space_.neighbours(genotype);
    std::size_t first = 0;
    for (std::size_t i = 0; i < position; ++i) first += static_cast<std::size_t>(asked[i].choices - 1);
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
    return {std::make_move_iterator(begin), std::make_move_iterator(begin + asked[position].choices - 1)};
  }

  /// Moves to the nearest of `others` if it is nearer.
  bool improve(NearestGenotype& at, std::vector<space::Genotype> others) {
    if (others.empty()) return false;
    const std::vector<double> away = distances(others);
    const auto nearest = std::min_element(away.begin(), away.end());
    if (!(*nearest < at.distance - 1e-12)) return false;
    at.distance = *nearest;
    at.genotype = std::move(others[static_cast<std::size_t>(nearest - away.begin())]);
    return true;
  }

  /// Sweeps over the decisions, and exchanges places, until neither improves.
  void descend(NearestGenotype& at) {
    for (bool better = true; better && evaluations_ < options_.max_evaluations;) {
      better = false;
      for (std::size_t position = 0; position < at.genotype.size() && evaluations_ < options_.max_evaluations;
           ++position) {
        better = improve(at, others_at(at.genotype, position)) || better;
      }
      if (evaluations_ < options_.max_evaluations)
        better = improve(at, space::exchanges(space_, at.genotype)) || better;
      if (at.distance > kAlike) continue;
      const Architecture built = space_.build(at.genotype);
      at.exact = canonical_hash(built) == hash_ && isomorphic(built, network_);
      if (at.exact) return;
    }
  }

  const space::SearchSpace& space_;
  const Architecture& network_;
  Hash128 hash_;
  Rng& rng_;
  NearestOptions options_;
  int evaluations_ = 0;
  std::map<space::Genotype, double> known_;  // distances
  Samples samples_;
  Comparison comparison_;
};

}  // namespace

NearestGenotype nearest_genotype(const space::SearchSpace& space, const Architecture& network, Rng& rng,
                                 const NearestOptions& options) {
  return Search(space, network, rng, options).run();
}

}  // namespace gensynth::surrogate
