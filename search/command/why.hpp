#pragma once

#include <string>

#include "search/store.hpp"

namespace gensynth {

/// `gensynth log RUN why ID`: why a trial lived or died, which decisions the inquisitor credits or blames, and which
/// vertices it found idle. Returns the exit code.
int log_why(const std::string& run, const Store& store, const Trial& trial, bool as_json);

}  // namespace gensynth
