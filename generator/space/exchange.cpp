#include "generator/space/exchange.hpp"

#include <algorithm>
#include <set>

#include "generator/space/resembling_chooser.hpp"

namespace gensynth::space {
namespace {

/// The prefixes of names that end with a numbered part: "stage2." and "stage2.column1.".
std::set<std::string> places(const std::vector<Decision>& decisions) {
  std::set<std::string> result;
  for (const Decision& decision : decisions) {
    for (std::size_t dot = decision.name.find('.'); dot != std::string::npos; dot = decision.name.find('.', dot + 1)) {
      const bool numbered = dot > 0 && decision.name[dot - 1] >= '0' && decision.name[dot - 1] <= '9';
      if (numbered) result.insert(decision.name.substr(0, dot + 1));
    }
  }
  return result;
}

}  // namespace

std::vector<Genotype> exchanges(const SearchSpace& space, const Genotype& genotype) {
  const std::vector<Decision> asked = space.decisions(genotype);
  const std::set<std::string> all = places(asked);
  std::vector<Genotype> result;
  for (auto a = all.begin(); a != all.end(); ++a) {
    for (auto b = std::next(a); b != all.end(); ++b) {
      if (generic_name(*a) != generic_name(*b)) continue;
      Answers answers;
      for (std::size_t i = 0; i < asked.size(); ++i) {
        const std::string& name = asked[i].name;
        std::string moved = name;
        if (name.starts_with(*a)) moved = *b + name.substr(a->size());
        if (name.starts_with(*b)) moved = *a + name.substr(b->size());
        answers[moved] = genotype[i];
      }
      ResemblingChooser chooser(answers);
      space.walk(chooser);
      if (chooser.answers != genotype) result.push_back(std::move(chooser.answers));
    }
  }
  return result;
}

}  // namespace gensynth::space
