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

/// The condition of a draw, besides the seed.
struct Condition {
  std::optional<double> latency_ms;  ///< > 0
};

/// A change of the generator's parameters, as the inquisitor returns it (generative synthesis: Δθ_G = I(G)).
class GeneratorDelta {
 public:
  GeneratorDelta() = default;
  /// Values by context, one for each choice. Throws Error when their number is wrong or one is not finite.
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
/// The logits of a decision are the sum of the logits of its contexts. Coarse contexts let the generator learn from few
/// observations, fine ones let it distinguish places: the generic name of the decision ("stage#.column#.width"), its
/// name, its name with the last answer to a similar decision ("...|2"), and with a condition the generic name at the
/// two nearest half octaves of latency ("...@9"), linearly interpolated. The name of a context ends in the number of
/// choices
/// (":5"). The initial θ_G = 0 is the uniform prior of the space.
class Generator {
 public:
  explicit Generator(const space::SearchSpace& space);

  /// Deterministic in (θ_G, seed, condition).
  space::Genotype sample(std::uint64_t seed, const Condition& condition = {}) const;
  double log_prob(const space::Genotype& genotype, const Condition& condition = {}) const;  ///< natural logarithm
  /// The probability of each choice of the decision that follows the answers in `prefix`.
  std::vector<double> probabilities(std::span<const int> prefix, const Condition& condition = {}) const;
  /// d log_prob / dθ at a genotype, times `scale`: `apply` adds it to make the genotype more likely. With a condition
  /// (the latency that the genotype turned out to have) the generator learns what to propose at that latency.
  GeneratorDelta gradient(const space::Genotype& genotype, double scale, const Condition& condition = {}) const;
  /// -share * θ: `apply` adds it to move back towards the uniform prior.
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
