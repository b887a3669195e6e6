#include "generator/space/diversity.hpp"

#include <map>

namespace gensynth::space {
namespace {

using Answers = std::map<std::string, int>;

double difference(const Answers& a, const Answers& b) {
  std::size_t asked = b.size();
  std::size_t same = 0;
  for (const auto& [name, answer] : a) {
    const auto found = b.find(name);
    if (found == b.end()) {
      ++asked;
    } else if (found->second == answer) {
      ++same;
    }
  }
  return asked == 0 ? 0 : 1 - static_cast<double>(same) / static_cast<double>(asked);
}

}  // namespace

double diversity(const SearchSpace& space, const std::vector<Genotype>& genotypes) {
  std::vector<Answers> answers;
  for (const Genotype& genotype : genotypes) {
    Answers& by_name = answers.emplace_back();
    const std::vector<Decision> decisions = space.decisions(genotype);
    for (std::size_t i = 0; i < decisions.size(); ++i) by_name[decisions[i].name] = genotype[i];
  }
  double sum = 0;
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      sum += difference(answers[i], answers[j]);
      ++pairs;
    }
  }
  return pairs == 0 ? 0 : sum / static_cast<double>(pairs);
}

}  // namespace gensynth::space
