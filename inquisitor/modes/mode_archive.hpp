#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "generator/space/structure.hpp"

namespace gensynth::modes {

/// A structure that is good for its neighbourhood.
struct Mode {
  space::Genotype genotype;
  double value = 0;
  space::Structure structure;
};

/// The best candidates seen that all differ in structure (clearing: Petrowski 1996). Any two modes are at least
/// `radius` apart. Best first.
class ModeArchive {
 public:
  ModeArchive(const space::SearchSpace& space, std::size_t capacity, double radius = space::kDifferentStructure)
      : space_(space), capacity_(capacity), radius_(radius) {}
  /// Takes the place of all modes within the radius when it is better than each of them; becomes a mode of its own
  /// where there are none and the archive has room or a worse mode. Whether it became one.
  bool add(const space::Genotype& genotype, double value);

  const std::vector<Mode>& modes() const { return modes_; }
  bool empty() const { return modes_.empty(); }
  void clear() { modes_.clear(); }

  nlohmann::json state() const;
  void restore(const nlohmann::json& state);  ///< throws nlohmann::json::exception for another format

 private:
  const space::SearchSpace& space_;
  std::size_t capacity_;
  double radius_;
  std::vector<Mode> modes_;
};

}  // namespace gensynth::modes
