#include "generator/space/structure.hpp"

#include <algorithm>

#include "architecture/base/random.hpp"

namespace gensynth::space {

Structure::Structure(const SearchSpace& space, const Genotype& genotype) {
  const std::vector<Decision> decisions = space.decisions(genotype);
  answers_.reserve(decisions.size());
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    answers_.emplace_back(derive_seed(0, 0, decisions[i].name), genotype[i]);
  }
  std::sort(answers_.begin(), answers_.end());
}

double Structure::distance(const Structure& other) const {
  std::size_t common = 0;
  std::size_t same = 0;
  auto a = answers_.begin();
  auto b = other.answers_.begin();
  while (a != answers_.end() && b != other.answers_.end()) {
    if (a->first == b->first) {
      ++common;
      if (a->second == b->second) ++same;
      ++a;
      ++b;
    } else if (a->first < b->first) {
      ++a;
    } else {
      ++b;
    }
  }
  const std::size_t asked = answers_.size() + other.answers_.size() - common;
  return asked == 0 ? 0 : 1 - static_cast<double>(same) / static_cast<double>(asked);
}

std::vector<std::size_t> group_by_structure(const SearchSpace& space, const std::vector<Genotype>& genotypes,
                                            double radius) {
  std::vector<std::size_t> result;
  std::vector<std::pair<Structure, std::size_t>> begun;
  for (std::size_t i = 0; i < genotypes.size(); ++i) {
    const Structure structure(space, genotypes[i]);
    const auto own = std::find_if(begun.begin(), begun.end(),
                                  [&](const auto& group) { return group.first.distance(structure) < radius; });
    if (own != begun.end()) {
      result.push_back(own->second);
      continue;
    }
    begun.emplace_back(structure, i);
    result.push_back(i);
  }
  return result;
}

}  // namespace gensynth::space
