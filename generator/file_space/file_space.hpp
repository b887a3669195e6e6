#pragma once

#include "generator/file_space/space_file.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::file_space {

/// A space that a user wrote: a "gensynth.space" file (docs/spaces.md), that is an architecture file in which
/// attributes may be chosen and groups of vertices may repeat.
class FileSpace : public space::SearchSpace {
 public:
  /// Reads and tries the space out: the first genotype, all that differ from it in one decision and some random ones
  /// are built. Throws Error naming source, pointer and, where a genotype does not build, its answers.
  FileSpace(const nlohmann::json& value, const std::string& source, const std::string& pointer = "");

  const std::string& name() const override { return file_.name; }
  void walk(space::Chooser& chooser) const override;
  /// Throws Error for a genotype of this space only where trying the space out missed a mistake in the file.
  Architecture build(const space::Genotype& genotype) const override;
  std::string label(const space::Decision& decision, int choice) const override;
  double log10_size() const override;  ///< an upper bound: table choices count where no vertex asks for them, too

 private:
  void try_out(const space::Genotype& genotype) const;

  file_space::SpaceFile file_;
  std::string source_;
};

}  // namespace gensynth::file_space
