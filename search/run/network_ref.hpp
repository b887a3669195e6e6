#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "architecture/architecture.hpp"
#include "search/job/job.hpp"
#include "search/store/run_reader.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::run {

/// The network that a NET on the command line stands for: a file, zoo:NAME, RUN (its winner) or RUN#TRIAL.
struct NetworkRef {
  Architecture architecture;
  std::string weights;  ///< safetensors beside it, or ""
  std::string run;      ///< its folder, for a network of a run
  std::optional<trial::Trial> trial;
  std::optional<space::Genotype> genotype;  ///< in the space that it came from, if known
};

/// Reads files and runs. Throws Error naming what was given and what was expected.
NetworkRef resolve_network(const std::string& text);

/// A trial's network. With weights, its last layer is as wide as theirs: proxy training has the data's classes.
Architecture network_of(const job::Job& job, const trial::Trial& trial, const std::string& weights,
                        const std::string& name);

/// The best feasible trial of a run. Throws Error naming `run` when there is none.
trial::Trial winner_of(const store::RunReader& trials, const std::string& run);

}  // namespace gensynth::run
