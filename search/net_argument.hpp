#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "architecture/architecture.hpp"
#include "search/trial.hpp"

namespace gensynth {

/// What a NET on the command line stands for: a file, zoo:NAME, RUN (its winner) or RUN#TRIAL.
struct NetArgument {
  Architecture architecture;
  std::string weights;  ///< safetensors beside it, or ""
  std::string run;      ///< folder, when it is of a run
  std::optional<Trial> trial;
};

/// Throws Error naming what was given and what was expected.
NetArgument load_net(const std::string& text);

/// The best feasible trial of a run. Throws Error that says what there is instead.
Trial winner_of(const std::string& run);

}  // namespace gensynth
