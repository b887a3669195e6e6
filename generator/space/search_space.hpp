#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/base/random.hpp"

namespace gensynth::space {

/// One decision on the way to an architecture.
struct Decision {
  std::string name;      ///< stable across genotypes: "stage2.column1.width"
  int choices = 1;       ///< answers 0 .. choices - 1
  bool ordinal = false;  ///< neighbouring answers are similar
};

/// The answers to the decisions that a walk asks, in order. Decisions that are not asked, such as those of a column
/// that does not exist, have no entry.
using Genotype = std::vector<int>;

/// Answers the decisions of a walk.
class Chooser {
 public:
  virtual ~Chooser() = default;
  virtual int choose(const Decision& decision) = 0;  ///< in [0, decision.choices)
};

/// Replays a genotype; `build` walks with it. Throws Error where an answer is missing or out of range.
class GenotypeChooser : public Chooser {
 public:
  GenotypeChooser(const Genotype& genotype, const std::string& space);  ///< both must outlive it
  int choose(const Decision& decision) override;
  void finish() const;  ///< throws Error when answers are left over

 private:
  const Genotype& genotype_;
  const std::string& space_;
  std::size_t position_ = 0;
};

/// A decision's name without its numbers, "stage#.column#.width": the same for similar decisions at different places.
std::string generic_name(const std::string& name);

/// Turns decisions into architectures. Stateless and thread-safe. A kind of space implements `walk`, which asks the
/// chooser one decision after another (later decisions may depend on earlier answers), and `build`.
class SearchSpace {
 public:
  virtual ~SearchSpace() = default;
  virtual const std::string& name() const = 0;
  virtual void walk(Chooser& chooser) const = 0;
  /// Every genotype builds. Throws Error only for a genotype that is not of this space.
  virtual Architecture build(const Genotype& genotype) const = 0;
  /// The meaning of an answer, for users: "24", "blur3", "concat_mix".
  virtual std::string label(const Decision& decision, int choice) const = 0;
  /// log10 of the number of genotypes (exact or a stated upper bound).
  virtual double log10_size() const = 0;

  /// The decision that follows a prefix of answers, or nothing when the genotype is complete. Throws Error when
  /// an answer is out of range or the prefix is longer than the genotype.
  std::optional<Decision> next(std::span<const int> prefix) const;
  Genotype sample(Rng& rng) const;  ///< uniform over the choices of each decision
  /// Repairs a genotype from left to right: answers out of range are clamped, surplus ones dropped, missing ones drawn.
  Genotype repair(const Genotype& genotype, Rng& rng) const;
  bool contains(const Genotype& genotype) const;
  std::vector<Decision> decisions(const Genotype& genotype) const;
  /// Changes `count` decisions (an ordinal one mostly by one step); where the change removes or adds
  /// decisions, answers are carried over by decision name.
  Genotype mutate(const Genotype& genotype, int count, Rng& rng) const;
  /// Takes each decision from one of the parents, matched by name.
  Genotype crossover(const Genotype& a, const Genotype& b, Rng& rng) const;
  /// All genotypes that differ in one decision, in order of decision, then of answer (dependent decisions carried
  /// over by name).
  std::vector<Genotype> neighbours(const Genotype& genotype) const;
};

}  // namespace gensynth::space
