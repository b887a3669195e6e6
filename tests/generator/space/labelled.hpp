#pragma once

#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "generator/space/search_space.hpp"

namespace gensynth::testing {

/// Chooses by label, looked up by the decision's own name and then by its generic name. Throws if it has neither.
class LabelledChooser : public space::Chooser {
 public:
  LabelledChooser(const space::SearchSpace& space, std::map<std::string, std::string> answers)
      : space_(space), answers_(std::move(answers)) {}

  int choose(const space::Decision& decision) override {
    auto found = answers_.find(decision.name);
    if (found == answers_.end()) found = answers_.find(space::generic_name(decision.name));
    if (found == answers_.end()) throw std::runtime_error("no answer to " + decision.name);
    used_.insert(found->first);
    for (int choice = 0; choice < decision.choices; ++choice) {
      if (space_.label(decision, choice) == found->second) return genotype.emplace_back(choice);
    }
    throw std::runtime_error(decision.name + " has no choice " + found->second);
  }
  space::Genotype genotype;
  std::set<std::string> unused() const {
    std::set<std::string> names;
    for (const auto& [name, label] : answers_) {
      if (used_.count(name) == 0) names.insert(name);
    }
    return names;
  }

 private:
  const space::SearchSpace& space_;
  std::map<std::string, std::string> answers_;
  std::set<std::string> used_;
};

}  // namespace gensynth::testing
