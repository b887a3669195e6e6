#pragma once

#include "generator/columnar/options.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::columnar {

/// The columnar DC-AC space: stem, 3 to 5 stages of 1 to 4 columns, interactions, transitions, head (docs/spaces.md).
class ColumnarSpace : public space::SearchSpace {
 public:
  explicit ColumnarSpace(columnar::Options options = {});

  const std::string& name() const override { return name_; }
  void walk(space::Chooser& chooser) const override;
  Architecture build(const space::Genotype& genotype) const override;
  std::string label(const space::Decision& decision, int choice) const override;
  double log10_size() const override { return log10_size_; }
  const columnar::Options& options() const { return options_; }

 private:
  std::string name_ = "columnar";
  columnar::Options options_;
  double log10_size_;
};

}  // namespace gensynth::columnar
