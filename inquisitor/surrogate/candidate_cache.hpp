#pragma once

#include <map>
#include <memory>
#include <shared_mutex>

#include "inquisitor/assessment/structural_assessment.hpp"
#include "inquisitor/features/description.hpp"

namespace gensynth::surrogate {

/// Everything known about a candidate without training it.
struct Candidate {
  assessment::Assessment assessment;
  features::Description description;  ///< empty when the assessment rejected it, or nobody asked for it
  bool described = true;
};

/// Builds, assesses and describes each candidate once as long as it is cached, since teaching predicts the same ones
/// again and again. It holds at least the last `capacity` candidates and at most twice as many; a candidate of the
/// columnar space takes about 11 kB. More capacity than a few teaching steps need pays only in spaces that fit as a
/// whole. Results do not depend on the capacity. Thread-safe; the arguments of the constructor must outlive it.
class CandidateCache {
 public:
  CandidateCache(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
                 std::size_t capacity = 512);
  /// Without `describe` the description, which takes most of the time, may be missing.
  std::shared_ptr<const Candidate> get(const space::Genotype& genotype, bool describe = true) const;
  /// Whether the assessment accepts the candidate; much cheaper than `get`.
  bool feasible(const space::Genotype& genotype) const;

 private:
  /// A full generation of recent entries replaces the older generation.
  template <typename Value>
  struct Memory {
    std::map<space::Genotype, Value> recent, older;

    const Value* find(const space::Genotype& genotype) const {
      if (const auto found = recent.find(genotype); found != recent.end()) return &found->second;
      const auto found = older.find(genotype);
      return found != older.end() ? &found->second : nullptr;
    }
    void add(const space::Genotype& genotype, Value value, std::size_t capacity) {
      if (recent.size() >= capacity) {
        older = std::move(recent);
        recent.clear();
      }
      recent.insert_or_assign(genotype, std::move(value));
    }
  };

  const space::SearchSpace& space_;
  const assessment::StructuralAssessor& assessor_;
  std::size_t capacity_;
  mutable std::shared_mutex mutex_;
  mutable Memory<std::shared_ptr<const Candidate>> known_;
  mutable Memory<bool> judged_;
};

}  // namespace gensynth::surrogate
