#include "generator/columnar/columnar_space.hpp"

#include "architecture/base/error.hpp"
#include "generator/columnar/assemble.hpp"
#include "generator/columnar/decide.hpp"

namespace gensynth::columnar {

ColumnarSpace::ColumnarSpace(columnar::Options options)
    : options_(std::move(options)), log10_size_(columnar::log10_size(options_)) {}

void ColumnarSpace::walk(space::Chooser& chooser) const { columnar::decide(options_, chooser); }

Architecture ColumnarSpace::build(const space::Genotype& genotype) const {
  space::GenotypeChooser chooser(genotype, name_);
  const columnar::NetworkPlan plan = columnar::decide(options_, chooser);
  chooser.finish();
  return columnar::assemble(options_, plan, name_);
}

std::string ColumnarSpace::label(const space::Decision& decision, int choice) const {
  const std::vector<std::string> labels = columnar::labels(options_, decision);
  if (choice < 0 || choice >= decision.choices) {
    throw Error("columnar space: choice " + std::to_string(choice) + " of '" + decision.name + "', expected 0 to " +
                std::to_string(decision.choices - 1));
  }
  return labels[static_cast<std::size_t>(choice)];
}

}  // namespace gensynth::columnar
