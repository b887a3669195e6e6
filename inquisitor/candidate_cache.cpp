#include "inquisitor/candidate_cache.hpp"

#include <mutex>

namespace gensynth {

CandidateCache::CandidateCache(const SearchSpace& space, const StructuralAssessor& assessor, std::size_t capacity)
    : space_(space), assessor_(assessor), capacity_(capacity) {}

std::shared_ptr<const Candidate> CandidateCache::get(const Genotype& genotype) const {
  {
    const std::shared_lock lock(mutex_);
    const auto found = known_.find(genotype);
    if (found != known_.end()) return found->second;
  }
  const Architecture architecture = space_.build(genotype);
  auto candidate = std::make_shared<Candidate>();
  candidate->assessment = assessor_.assess(architecture);
  if (!candidate->assessment.rejected()) candidate->description = describe(space_, genotype, architecture);
  const std::unique_lock lock(mutex_);
  if (known_.size() >= capacity_) known_.clear();  // what is looked at again comes back
  known_.emplace(genotype, candidate);
  return candidate;
}

bool CandidateCache::feasible(const Genotype& genotype) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = known_.find(genotype); found != known_.end()) return !found->second->assessment.rejected();
    if (const auto found = judged_.find(genotype); found != judged_.end()) return found->second;
  }
  const bool result = assessor_.feasible(space_.build(genotype));
  const std::unique_lock lock(mutex_);
  if (judged_.size() >= capacity_) judged_.clear();
  judged_.emplace(genotype, result);
  return result;
}

}  // namespace gensynth
