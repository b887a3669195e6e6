#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "search/companion/quantisation_messages.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command::trained {

/// The flags of `quantise`, which `export` has, too.
struct QuantiseFlags {
  std::string data;
  companion::Quantisation quantisation;  ///< without its data

  /// Adds them; `prefix` goes before every help text.
  std::vector<CLI::Option*> add_to(CLI::App& command, const std::string& prefix);
  /// With the data that was named, or else that of the run which the network is from. Throws Error where there is
  /// neither.
  companion::Quantisation request(const std::string& network, const run::NetworkRef& net) const;
  /// The data as request() takes it: what was named, or the run's job.
  std::string named(const std::string& network, const run::NetworkRef& net) const;
};

}  // namespace gensynth::command::trained
