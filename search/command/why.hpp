#pragma once

#include <string>

#include "search/store/store.hpp"

namespace gensynth::command {

/// `gensynth log RUN why ID`: why a trial lived or died, which decisions the inquisitor credits or blames, and which
/// vertices it found idle. Returns the exit code.
int log_why(const std::string& run, const store::Store& store, const trial::Trial& trial, bool as_json);

}  // namespace gensynth::command
