#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/model_card.hpp"
#include "search/job/job.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::run {

class Run;

/// The network that a NET on the command line stands for: a file, zoo:NAME, RUN (its winner) or RUN#TRIAL.
struct NetworkRef {
  Architecture architecture;
  std::string weights;  ///< safetensors beside it, or ""
  std::string run;      ///< its folder, for a network of a run
  std::optional<trial::Trial> trial;
  std::optional<space::Genotype> genotype;  ///< in the space that it came from, if known
  /// The card of the weights, from the architecture file, else from the metadata of the weights. It fits the
  /// architecture.
  std::optional<ModelCard> card = std::nullopt;
  std::vector<std::string> damaged = {};  ///< records of the run that were left out when its winner was chosen
};

/// Reads files and runs. Throws Error naming what was given and what was expected.
NetworkRef resolve_network(const std::string& text);

/// The files from which the network that `text` stands for is read, whether they exist or not: an architecture file and
/// the weights beside it, or a run's database, job and checkpoints.
std::vector<std::string> files_of(const std::string& text);

/// The files that `gensynth train` writes into its folder.
inline constexpr const char* kTrainingFiles[] = {"network.json", "network.safetensors", "training.json",
                                                 "training.state"};

/// Throws Error when writing to `out` would overwrite one of these files, under whatever name or link. Nothing is
/// compared for "".
void check_not_read(const std::string& out, const std::vector<std::string>& read);

/// A trial's network. With weights, its last layer is as wide as theirs: proxy training has the data's classes.
Architecture network_of(const job::Job& job, const trial::Trial& trial, const std::string& weights,
                        const std::string& name);

/// The winner of a run (winner.hpp). Throws Error naming `name` when no trial is feasible yet.
trial::Trial winner_of(const Run& run, const std::string& name);

}  // namespace gensynth::run
