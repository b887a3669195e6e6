#include "inquisitor/modes/mode_archive.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gensynth::modes {

bool ModeArchive::add(const space::Genotype& genotype, double value) {
  const bool full = modes_.size() >= capacity_;
  if (full && value <= modes_.back().value) return false;
  space::Structure structure(space_, genotype);
  const auto near = [&](const Mode& mode) { return mode.structure.distance(structure) < radius_; };
  const auto place = std::find_if(modes_.begin(), modes_.end(), [&](const Mode& mode) { return mode.value < value; });
  if (std::any_of(modes_.begin(), place, near)) return false;
  const auto at = place - modes_.begin();
  modes_.erase(std::remove_if(place, modes_.end(), near), modes_.end());
  modes_.insert(modes_.begin() + at, Mode{genotype, value, std::move(structure)});
  if (modes_.size() > capacity_) modes_.pop_back();
  return true;
}

nlohmann::json ModeArchive::state() const {
  nlohmann::json result = nlohmann::json::array();
  for (const Mode& mode : modes_) result.push_back({mode.genotype, mode.value});
  return result;
}

void ModeArchive::restore(const nlohmann::json& state) {
  std::vector<Mode> modes;
  for (const nlohmann::json& entry : state) {
    auto genotype = entry.at(0).get<space::Genotype>();
    space::Structure structure(space_, genotype);
    modes.push_back({std::move(genotype), entry.at(1).get<double>(), std::move(structure)});
  }
  modes_ = std::move(modes);
}

}  // namespace gensynth::modes
