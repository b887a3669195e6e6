#include "inquisitor/surrogate/candidate_cache.hpp"

#include <mutex>

namespace gensynth::surrogate {

CandidateCache::CandidateCache(const space::SearchSpace& space, const assessment::StructuralAssessor& assessor,
                               std::size_t capacity)
    : space_(space), assessor_(assessor), capacity_(capacity) {}

std::shared_ptr<const Candidate> CandidateCache::get(const space::Genotype& genotype, bool describe) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto* found = known_.find(genotype); found != nullptr && ((*found)->described || !describe))
      return *found;
  }
  const Architecture architecture = space_.build(genotype);
  auto candidate = std::make_shared<Candidate>();
  candidate->assessment = assessor_.assess(architecture);
  candidate->described = describe || candidate->assessment.rejected();
  if (describe && !candidate->assessment.rejected()) {
    candidate->description = features::describe(space_, genotype, architecture);
  }
  const std::unique_lock lock(mutex_);
  known_.add(genotype, candidate, capacity_);
  return candidate;
}

bool CandidateCache::feasible(const space::Genotype& genotype) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto* found = known_.find(genotype)) return !(*found)->assessment.rejected();
    if (const bool* found = judged_.find(genotype)) return *found;
  }
  const bool result = assessor_.feasible(space_.build(genotype));
  const std::unique_lock lock(mutex_);
  judged_.add(genotype, result, capacity_);
  return result;
}

}  // namespace gensynth::surrogate
