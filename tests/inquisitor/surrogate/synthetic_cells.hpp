#pragma once

#include <cmath>
#include <nlohmann/json.hpp>

#include "generator/make_space.hpp"
#include "inquisitor/surrogate/candidate_models.hpp"
#include "inquisitor/surrogate/observation_history.hpp"

namespace gensynth::surrogate {

/// Cells of NAS-Bench-201 whose true accuracy grows with their answers, from 40 % to 70 %; U is 40 log10(accuracy).
struct SyntheticCells {
  std::unique_ptr<space::SearchSpace> space = generator::make_space({{"kind", "nasbench201"}}, "test", "");
  assessment::UniversalPerformance performance{2, 0, 0, 0, "proxy_top1"};

  static double true_accuracy(const space::Genotype& genotype) {
    double accuracy = 40;
    for (const int answer : genotype) accuracy += 1.25 * answer;
    return accuracy;
  }
  static Observation observation(const space::Genotype& genotype, std::int64_t trial, double noise = 0) {
    Observation result;
    result.trial = trial;
    result.genotype = genotype;
    result.accuracy = true_accuracy(genotype) + noise;
    result.u = 40 * std::log10(*result.accuracy);
    result.feasible = true;
    return result;
  }
};

}  // namespace gensynth::surrogate
