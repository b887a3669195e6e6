#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "generator/distribution/generator.hpp"
#include "inquisitor/modes/mode_archive.hpp"

namespace gensynth::modes {

/// The values of candidates, in their order; nothing for a candidate that violates a hard constraint. Deterministic.
using Evaluate = std::function<std::vector<std::optional<double>>(const std::vector<space::Genotype>&)>;

struct ModeSearchOptions {
  std::size_t modes = 64;  ///< kept at most
  int batch = 16;          ///< candidates evaluated together
  /// Evaluations after which the second population begins anew.
  int epoch = 12'000;
};

/// An evolutionary search for the best candidate of each structure: children of known modes by mutation of few
/// decisions and by crossover. Two populations alternate. The first holds the best modes of all times; the second
/// begins anew from samples of the generator when its time is over, and then hands its modes to the first: so that a
/// search which circles around one optimum still begins elsewhere. Its state does not grow with its length.
class ModeSearch {
 public:
  explicit ModeSearch(const space::SearchSpace& space, ModeSearchOptions options = {});
  /// Takes a candidate of known value into the first population.
  void add(const space::Genotype& genotype, double value) { best_.add(genotype, value); }
  /// Values all modes anew: for values that depend on a model which was fitted since.
  void reevaluate(const Evaluate& evaluate);
  /// Evaluates about `evaluations` candidates. Deterministic given the state and the random generator.
  void run(int evaluations, const distribution::Generator& generator, const Evaluate& evaluate, Rng& rng);

  const std::vector<Mode>& modes() const { return best_.modes(); }  ///< of the first population, best first

  nlohmann::json state() const;
  void restore(const nlohmann::json& state);  ///< throws nlohmann::json::exception for another format

 private:
  space::Genotype child(const ModeArchive& parents, const distribution::Generator& generator, Rng& rng) const;
  void advance(ModeArchive& population, const distribution::Generator& generator, const Evaluate& evaluate, Rng& rng);

  const space::SearchSpace& space_;
  ModeSearchOptions options_;
  ModeArchive best_, young_;
  int age_ = 0;  ///< evaluations since the second population began
};

}  // namespace gensynth::modes
