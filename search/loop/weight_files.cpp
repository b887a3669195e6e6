#include "search/loop/weight_files.hpp"

#include <algorithm>

namespace gensynth::loop {

void WeightFiles::on_trial_finished(const trial::Trial& trial) {
  if (!trial.feasible || !trial.u) {
    remove_(trial.id);
    return;
  }
  kept_.emplace_back(*trial.u, trial.id);
  std::sort(kept_.begin(), kept_.end(), std::greater<>());
  limit(count_, 0);
}

void WeightFiles::limit(int count, std::int64_t kept) {
  count_ = count;
  const auto beyond = std::min(kept_.size(), static_cast<std::size_t>(std::max(count, 0)));
  for (std::size_t i = beyond; i < kept_.size(); ++i) {
    if (kept_[i].second != kept) remove_(kept_[i].second);
  }
  kept_.resize(beyond);
}

}  // namespace gensynth::loop
