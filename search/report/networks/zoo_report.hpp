#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/cost.hpp"
#include "architecture/zoo/zoo.hpp"

namespace gensynth::report::networks {

/// A reference network with its cost.
struct ZooEntry {
  zoo::ZooFacts facts;
  Cost total;
};

std::string zoo_text(const std::vector<ZooEntry>& entries);
nlohmann::ordered_json zoo_json(const std::vector<ZooEntry>& entries);
/// `facts`: null if no figures are published for the network.
std::string zoo_network_text(const std::string& name, const Architecture& network, const zoo::ZooFacts* facts);

}  // namespace gensynth::report::networks
