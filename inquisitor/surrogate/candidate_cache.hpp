#pragma once

#include <map>
#include <memory>
#include <shared_mutex>

#include "inquisitor/assessment/structural_assessment.hpp"
#include "inquisitor/features/description.hpp"

namespace gensynth::surrogate {

/// All that is known of a candidate without training it.
struct Candidate {
  assessment::Assessment assessment;
  features::Description description;  ///< empty when the assessment rejected it
};

/// Builds, assesses and describes each candidate once, as far as its memory reaches: teaching looks at the same ones
/// again and again. Bounded (one of the columnar space takes about 11 kB; more than what a few steps of teaching look
/// at pays only in spaces so small that it holds them whole): it remembers the last `capacity` candidates at least,
/// twice as many at most. What it answers does not depend on what it remembers.
/// Thread-safe; what it refers to must outlive it.
class CandidateCache {
 public:
  CandidateCache(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
                 std::size_t capacity = 512);
  std::shared_ptr<const Candidate> get(const space::Genotype& genotype) const;
  /// Whether the assessment does not reject it: all that lessons of feasibility ask, at a fraction of the work.
  bool feasible(const space::Genotype& genotype) const;

 private:
  /// When the recent ones are as many as may be, they take the place of the older ones.
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
      recent.emplace(genotype, std::move(value));
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
