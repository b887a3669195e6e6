#include "search/analysis/network_profile.hpp"

#include <algorithm>

namespace gensynth::analysis {
namespace {

FoldCounts count_folds(const Architecture& architecture, Form form) {
  FoldCounts counts;
  const FoldedView view(architecture, form);
  for (const FoldStep& step : view.steps()) {
    counts.identities += step.kind == FoldStep::Kind::identity;
    counts.batch_norms += step.kind == FoldStep::Kind::batch_norm;
    counts.branch_sums += step.kind == FoldStep::Kind::branches;
  }
  return counts;
}

std::vector<StageLatency> sum_by_stage(const NetworkProfile& profile) {
  std::map<int, StageLatency> stages;
  for (const latency::KernelLatency& kernel : profile.estimate.kernels) {
    const int number = profile.stage_of(kernel);
    StageLatency& sum = stages[number];
    sum.stage = number;
    sum.kernels += 1;
    sum.macs += kernel.macs;
    sum.bytes += kernel.bytes;
    sum.ms += kernel.ms;
    sum.ms_by_bound[kernel.bound] += kernel.ms;
  }
  std::vector<StageLatency> ordered;
  for (auto& [number, stage] : stages) ordered.push_back(std::move(stage));
  return ordered;
}

}  // namespace

latency::KernelBound StageLatency::bound() const {
  return std::max_element(ms_by_bound.begin(), ms_by_bound.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

int NetworkProfile::stage_of(const latency::KernelLatency& kernel) const {
  return architecture[kernel.vertices.front()].placement.stage;
}

NetworkProfile profile_network(Architecture architecture, const latency::LatencyTarget& target, Form form) {
  const latency::LatencyModel model(target);
  const Cost total = cost(architecture);
  const FoldCounts folded = count_folds(architecture, form);
  latency::LatencyEstimate estimate = model.estimate(architecture, form);
  NetworkProfile profile{std::move(architecture), form, total, folded, model.target(), model.version(),
                         std::move(estimate),     {}};
  profile.stages = sum_by_stage(profile);
  return profile;
}

}  // namespace gensynth::analysis
