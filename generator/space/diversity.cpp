#include "generator/space/diversity.hpp"

#include "generator/space/structure.hpp"

namespace gensynth::space {

double diversity(const SearchSpace& space, const std::vector<Genotype>& genotypes) {
  std::vector<Structure> structures;
  for (const Genotype& genotype : genotypes) structures.emplace_back(space, genotype);
  double sum = 0;
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < structures.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      sum += structures[i].distance(structures[j]);
      ++pairs;
    }
  }
  return pairs == 0 ? 0 : sum / static_cast<double>(pairs);
}

}  // namespace gensynth::space
