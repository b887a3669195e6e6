#pragma once

#include <map>
#include <memory>
#include <shared_mutex>

#include "inquisitor/description.hpp"
#include "inquisitor/structural_assessment.hpp"

namespace gensynth {

/// All that is known of a candidate without training it.
struct Candidate {
  Assessment assessment;
  Description description;  ///< empty when the assessment rejected it
};

/// Builds, assesses and describes each candidate once, as far as its memory reaches: teaching looks at the same ones
/// again and again. Bounded (one of the columnar space takes about 40 kB; more than what a few steps of teaching look
/// at pays only in spaces so small that it holds them whole); what it answers does not depend on what it remembers.
/// Thread-safe; what it refers to must outlive it.
class CandidateCache {
 public:
  CandidateCache(const SearchSpace& space, const StructuralAssessor& assessor, std::size_t capacity = 1'024);
  std::shared_ptr<const Candidate> get(const Genotype& genotype) const;
  /// Whether the assessment does not reject it: all that lessons of feasibility ask, at a fraction of the work.
  bool feasible(const Genotype& genotype) const;

 private:
  const SearchSpace& space_;
  const StructuralAssessor& assessor_;
  std::size_t capacity_;
  mutable std::shared_mutex mutex_;
  mutable std::map<Genotype, std::shared_ptr<const Candidate>> known_;
  mutable std::map<Genotype, bool> judged_;
};

}  // namespace gensynth
