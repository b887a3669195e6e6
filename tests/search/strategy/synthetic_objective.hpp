#pragma once

#include <deque>
#include <nlohmann/json.hpp>

#include "generator/make_space.hpp"
#include "search/strategy/strategy.hpp"

namespace gensynth::strategy {

/// Cells of NAS-Bench-201 with a synthetic accuracy, the same for every strategy. Every search meets infeasible and
/// failed candidates.
class SyntheticObjective {
 public:
  explicit SyntheticObjective(double delta = 0.5)
      : space_(generator::make_space({{"kind", "nasbench201"}}, "test", "")) {
    performance_.delta = delta;
    performance_.accuracy = "proxy_top1";
  }
  StrategyContext context() const { return {*space_, assessor_, performance_}; }
  const space::SearchSpace& space() const { return *space_; }

  trial::Trial evaluate(const space::Genotype& genotype, std::int64_t id) const {
    trial::Trial trial;
    trial.id = trial.ordinal = id;
    trial.genotype = genotype;
    trial.state = trial::TrialState::scored;
    double accuracy = 30;
    for (const int answer : genotype) accuracy += 3 * answer;
    trial.metrics.set("proxy_top1", Quantity::exact(accuracy, "%"));
    const assessment::Assessment assessment = assessor_.assess(space_->build(genotype));
    trial.metrics.set("latency_ms", Quantity::exact(*assessment.metrics.value("latency_ms"), "ms"));
    trial.u = performance_.score(assessment.metrics, {}, accuracy);
    trial.feasible = true;
    constraints::Verdict told;  // by a plugin
    told.constraint = "plugin";
    told.measured = genotype[3];
    told.bound = 3;
    told.satisfied = genotype[3] <= 3;
    told.violation = told.satisfied ? 0 : 1;
    told.hard = false;
    trial.verdicts = {told};
    if (genotype[0] == 2 && genotype[1] == 1) {
      trial.feasible = false;
      trial.u.reset();
      trial.state = genotype[2] == 0 ? trial::TrialState::failed : trial::TrialState::rejected;
      if (trial.state == trial::TrialState::failed) trial.metrics = {};
    }
    return trial;
  }

  std::vector<space::Genotype> go_on(Strategy& strategy, Rng& rng, std::int64_t from, int count) const {
    std::vector<space::Genotype> proposed;
    for (int i = 0; i < count; ++i) {
      proposed.push_back(strategy.propose(rng).genotype);
      strategy.observe(evaluate(proposed.back(), from + i));
    }
    return proposed;
  }

 private:
  std::unique_ptr<space::SearchSpace> space_;
  constraints::ConstraintSet rules_;
  latency::LatencyModel latency_{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy_;
  assessment::StructuralAssessor assessor_{rules_, latency_, accuracy_};
  assessment::UniversalPerformance performance_;
};

}  // namespace gensynth::strategy
