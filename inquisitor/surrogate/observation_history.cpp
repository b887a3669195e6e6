#include "inquisitor/surrogate/observation_history.hpp"

#include <algorithm>

#include "architecture/refinement.hpp"

namespace gensynth::surrogate {
namespace {

constexpr std::size_t kMaxTrainingRows = 800;
constexpr std::size_t kReselected = 80;  ///< rows beyond the maximum with which the selection is made anew
constexpr std::size_t kBestKept = 8;

/// Whether a model can be fitted to it.
bool usable(const Observation& observation) { return observation.accuracy || !observation.constraints.empty(); }

std::uint64_t fingerprint(const space::Genotype& genotype) {
  std::uint64_t result = genotype.size();
  for (const int answer : genotype) result = mix(result, static_cast<std::uint64_t>(answer));
  return result;
}

}  // namespace

void ObservationHistory::add(Observation observation) {
  const std::size_t index = observations_.size();
  if (observation.feasible && observation.u) {
    if (!best_u_ || *observation.u > *best_u_) {
      best_u_ = observation.u;
      best_at_ = index;
    }
    const auto behind = std::find_if(best_.begin(), best_.end(),
                                     [&](std::size_t other) { return *observation.u > *observations_[other].u; });
    best_.insert(behind, index);
    best_.resize(std::min(best_.size(), kBestKept));
  }
  by_fingerprint_.emplace(fingerprint(observation.genotype), index);
  const bool counts = usable(observation);
  observations_.push_back(std::move(observation));
  if (!counts) return;
  training_.rows.push_back(index);
  ++usable_;
  if (usable_ > kMaxTrainingRows && (usable_ - kMaxTrainingRows) % kReselected == 0) select_training_rows();
}

bool ObservationHistory::contains(const space::Genotype& genotype) const {
  const auto [first, last] = by_fingerprint_.equal_range(fingerprint(genotype));
  return std::any_of(first, last, [&](const auto& entry) { return observations_[entry.second].genotype == genotype; });
}

void ObservationHistory::select_training_rows() {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < observations_.size(); ++i) {
    if (usable(observations_[i])) rows.push_back(i);
  }
  const auto value = [&](std::size_t i) { return observations_[i].u.value_or(-1e9); };
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return value(a) > value(b); });
  std::vector<std::size_t> chosen(rows.begin(), rows.begin() + kMaxTrainingRows / 2);
  std::vector<std::size_t> others(rows.begin() + kMaxTrainingRows / 2, rows.end());
  std::sort(others.begin(), others.end());
  const std::size_t wanted = kMaxTrainingRows - chosen.size();
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(others[i * others.size() / wanted]);
  std::sort(chosen.begin(), chosen.end());
  training_ = {std::move(chosen), kMaxTrainingRows};
}

}  // namespace gensynth::surrogate
