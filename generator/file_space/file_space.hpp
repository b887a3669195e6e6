#pragma once

#include "generator/file_space/space_file.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::file_space {

/// A search space from a "gensynth.space" file of a user (docs/spaces.md): an architecture file in which attributes may
/// have choices and groups of vertices may repeat.
class FileSpace : public space::SearchSpace {
 public:
  /// Reads the space and builds the first genotype, all that differ from it in one decision, and some random ones.
  /// Throws Error naming source, pointer and, where a genotype does not build, its answers.
  FileSpace(const nlohmann::json& value, const std::string& source, const std::string& pointer = "");

  const std::string& name() const override { return file_.name; }
  void walk(space::Chooser& chooser) const override;
  /// Throws Error for a genotype of this space only if the constructor did not find a mistake in the file.
  Architecture build(const space::Genotype& genotype) const override;
  std::string label(const space::Decision& decision, int choice) const override;
  double log10_size() const override;  ///< an upper bound: table choices that no vertex uses count, too

 private:
  void try_out(const space::Genotype& genotype) const;

  file_space::SpaceFile file_;
  std::string source_;
};

}  // namespace gensynth::file_space
