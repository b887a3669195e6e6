#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "search/job/job.hpp"

namespace gensynth::analysis {

/// An estimate of a search of the job, measured on random samples of its space.
struct DryRun {
  struct ConstraintShare {
    std::string constraint;
    bool hard = false;
    bool needs_training = false;  ///< then `share` is unknown
    double share = 0;             ///< share of the samples that satisfy it, 0 to 1
  };

  std::string space;
  double log10_size = 0;  ///< upper bound of the number of genotypes
  int samples = 0;
  int feasible = 0;  ///< samples that satisfy every hard constraint that needs no training
  std::vector<ConstraintShare> constraints;
  double candidates_per_second = 0;  ///< speed of the stages without training on one core of this machine

  bool trains = false;  ///< the members below are meaningful
  std::int64_t trials = 0;
  std::int64_t images_per_trial = 0;  ///< at most
  int px = 0;                         ///< of the proxy data
  int trainable = 0;                  ///< feasible samples that can be trained at that resolution
  double proxy_macs = 0;              ///< of one image, mean over the trainable samples; 0 when there are none
  /// The trainable samples, by MACs.
  struct Sample {
    double macs = 0;  ///< of one image, as trained
    std::int64_t params = 0;
    space::Genotype genotype;
  };
  std::vector<Sample> trainable_samples;

  std::vector<std::string> conflicts;    ///< between hard constraints (conflicts.hpp)
  std::vector<std::string> start_notes;  ///< of the job's start_from
  std::vector<std::string> warnings;     ///< of the job
};

/// Builds and assesses 1000 samples: takes seconds. Deterministic in the job and its seed, apart from the speed.
DryRun dry_run(const job::Job& job);

}  // namespace gensynth::analysis
