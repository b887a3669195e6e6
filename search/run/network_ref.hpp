#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "architecture/architecture.hpp"
#include "search/job/job.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::run {

/// What a NET on the command line stands for: a file, zoo:NAME, RUN (its winner) or RUN#TRIAL.
struct NetworkRef {
  Architecture architecture;
  std::string weights;  ///< safetensors beside it, or ""
  std::string run;      ///< folder, when it is of a run
  std::optional<trial::Trial> trial;
  std::optional<space::Genotype> genotype;  ///< of the space that it came from, where that is known
};

/// Throws Error naming what was given and what was expected.
NetworkRef resolve_network(const std::string& text);

/// A trial's network. With weights its last layer is as wide as theirs: proxy training has the data's classes.
Architecture network_of(const job::Job& job, const trial::Trial& trial, const std::string& weights,
                        const std::string& name);

/// The best feasible trial of a run. Throws Error that says what there is instead.
trial::Trial winner_of(const std::string& run);

}  // namespace gensynth::run
