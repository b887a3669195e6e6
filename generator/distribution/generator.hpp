#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "generator/distribution/logits.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::distribution {

/// The input of the generator besides the seed.
struct Condition {
  std::optional<double> latency_ms;  ///< > 0
};

/// A change of the generator's parameters, as the inquisitor returns it (generative synthesis: Δθ_G = I(G)).
class GeneratorDelta {
 public:
  GeneratorDelta() = default;
  /// Values by decision context, one per choice. Throws Error when their number is wrong or one is not finite.
  GeneratorDelta(const Logits::ByName& logits);
  GeneratorDelta& operator+=(const GeneratorDelta& other);
  Logits::ByName logits() const { return logits_.by_name(); }
  bool empty() const { return logits_.empty(); }

 private:
  friend class Generator;
  Logits logits_;
};

/// G(s; θ_G): a conditional distribution over the decisions of a search space, sampled from left to right. The
/// space must outlive it. Not thread-safe while `apply` runs.
///
/// The logits of a decision are the sum of those of its contexts, coarse ones first so that it learns from few
/// observations and still can distinguish places: its generic name ("stage#.column#.width"), its name, its name with
/// the last answer to a decision of the same generic name ("...|2"), and with a condition the generic name at the two
/// nearest half octaves of latency ("...@9"), linearly interpolated. A context's key ends in the number of choices
/// (":5"). The initial θ_G = 0 is the uniform prior of the space.
class Generator {
 public:
  explicit Generator(const space::SearchSpace& space);

  /// Deterministic in (θ_G, seed, condition).
  space::Genotype sample(std::uint64_t seed, const Condition& condition = {}) const;
  /// `count` samples, whose seeds are drawn from `rng` in order.
  std::vector<space::Genotype> sample_many(Rng& rng, int count, const Condition& condition = {}) const;
  double log_prob(const space::Genotype& genotype, const Condition& condition = {}) const;  ///< natural logarithm
  /// Probability of each choice where the walk stands after `prefix`.
  std::vector<double> probabilities(std::span<const int> prefix, const Condition& condition = {}) const;
  /// scale * d log_prob / dθ at a genotype: the step that makes the genotype likelier, under the condition if there is
  /// one.
  GeneratorDelta gradient(const space::Genotype& genotype, double scale, const Condition& condition = {}) const;
  /// -share * θ: the step towards the uniform prior.
  GeneratorDelta decay(double share) const;
  void apply(const GeneratorDelta& delta);
  double entropy(int samples, std::uint64_t seed) const;  ///< mean over samples, in nats

  nlohmann::json state() const;               ///< θ_G, exactly
  void restore(const nlohmann::json& state);  ///< throws Error when it is not of this space
  const space::SearchSpace& space() const { return space_; }

 private:
  const space::SearchSpace& space_;
  std::shared_ptr<ContextTable> contexts_;  ///< shared with copies of the generator
  Logits logits_;
};

}  // namespace gensynth::distribution
