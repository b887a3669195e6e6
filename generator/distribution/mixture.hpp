#pragma once

#include <vector>

#include "generator/distribution/generator.hpp"

namespace gensynth::distribution {

/// A generator with several modes: a sample comes from one of its parts, each of which has a θ_G of its own, so that
/// structures that have little in common can all be likely without what lies between them. The space must outlive it.
/// Not thread-safe while `add` runs.
class Mixture {
 public:
  explicit Mixture(const space::SearchSpace& space) : space_(space) {}
  /// Throws Error for a weight that is not a positive finite number.
  void add(Generator part, double weight);

  std::size_t size() const { return parts_.size(); }
  const Generator& part(std::size_t i) const { return parts_[i].generator; }
  double weight(std::size_t i) const { return parts_[i].weight / total_; }  ///< probability of a part; they sum to 1
  const space::SearchSpace& space() const { return space_; }

  /// Deterministic in the parts and the seed. There must be a part.
  space::Genotype sample(std::uint64_t seed) const;
  double log_prob(const space::Genotype& genotype) const;  ///< natural logarithm

  nlohmann::json state() const;
  void restore(const nlohmann::json& state);  ///< throws Error, with nothing changed, when it is not of this space

 private:
  struct Part {
    Generator generator;
    double weight;
  };
  const space::SearchSpace& space_;
  std::vector<Part> parts_;
  double total_ = 0;
};

}  // namespace gensynth::distribution
