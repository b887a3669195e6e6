#pragma once

#include <string>
#include <unordered_map>

#include "generator/space/search_space.hpp"

namespace gensynth::space {

using Answers = std::unordered_map<std::string, int>;  ///< by name of the decision

Answers answers_by_name(const std::vector<Decision>& decisions, const Genotype& genotype);

/// The earlier answer to a decision, or `end` where there is none. For a decision of a new part of a place, it is the
/// answer to the same decision of the whole: that to "stage2.column1.ratio" for "stage2.column1.values.ratio". A block
/// whose branches get plans of their own thereby begins with equal ones, from which single changes lead on.
Answers::const_iterator carried_answer(const Answers& carried, const std::string& name);

/// Keeps carried answers (clamped, because the number of choices may depend on earlier answers). Deterministic: other
/// decisions take the last answer to a decision of the same generic name, so that an added column resembles its
/// neighbour; without one, the middle choice. The carried answers must outlive it.
class ResemblingChooser : public Chooser {
 public:
  explicit ResemblingChooser(const Answers& carried) : carried_(carried) {}
  int choose(const Decision& decision) override;
  Genotype answers;

 private:
  const Answers& carried_;
  Answers likes_;
};

}  // namespace gensynth::space
