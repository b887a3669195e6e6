#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "search/trial/trial.hpp"

namespace gensynth::loop {

/// Decides which trials keep their trained weights: those of the highest measured U. All others are removed as soon as
/// they end, so that a run's folder does not grow with its trials.
class WeightFiles {
 public:
  using Remove = std::function<void(std::int64_t trial)>;
  /// `count`: how many trials keep their weights; `remove` deletes those of a trial, and does nothing where there are
  /// none.
  WeightFiles(int count, Remove remove) : count_(count), remove_(std::move(remove)) {}

  /// A trial ended; each is passed once.
  void on_trial_finished(const trial::Trial& trial);
  /// Keeps fewer from now on, and in any case those of the trial `kept`.
  void limit(int count, std::int64_t kept);

 private:
  int count_;
  Remove remove_;
  std::vector<std::pair<double, std::int64_t>> kept_;  ///< U and trial, the highest U first
};

}  // namespace gensynth::loop
