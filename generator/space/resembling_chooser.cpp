#include "generator/space/resembling_chooser.hpp"

#include <algorithm>

namespace gensynth::space {
namespace {

/// The same decision of the whole of which a decision's place is a part: "stage2.column1.ratio" for
/// "stage2.column1.values.ratio". Places with a number have no whole; the result is then empty.
std::string of_the_whole(const std::string& name) {
  const std::size_t last = name.rfind('.');
  if (last == std::string::npos || last == 0) return {};
  const std::size_t before = name.rfind('.', last - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  if (name.substr(begin, last - begin).find_first_of("0123456789") != std::string::npos) return {};
  return name.substr(0, begin) + name.substr(last + 1);
}

}  // namespace

Answers answers_by_name(const std::vector<Decision>& decisions, const Genotype& genotype) {
  Answers answers;
  answers.reserve(decisions.size());
  for (std::size_t i = 0; i < decisions.size(); ++i) answers[decisions[i].name] = genotype[i];
  return answers;
}

Answers::const_iterator carried_answer(const Answers& carried, const std::string& name) {
  const auto found = carried.find(name);
  return found != carried.end() ? found : carried.find(of_the_whole(name));
}

int ResemblingChooser::choose(const Decision& decision) {
  const auto found = carried_answer(carried_, decision.name);
  int& like = likes_.try_emplace(generic_name(decision.name), decision.choices / 2).first->second;
  like = std::min(found != carried_.end() ? found->second : like, decision.choices - 1);
  return answers.emplace_back(like);
}

}  // namespace gensynth::space
