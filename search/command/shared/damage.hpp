#pragma once

#include <string>
#include <vector>

#include "search/store/run_reader.hpp"

namespace gensynth::command::shared {

/// Prints a warning on standard error for each damaged record that the store left out so far.
void warn_of_damage(const store::RunReader& store);
/// The same for messages (run::NetworkRef::damaged).
void warn_of_damage(const std::vector<std::string>& messages);

}  // namespace gensynth::command::shared
