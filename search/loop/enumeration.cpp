#include "search/loop/enumeration.hpp"

#include <utility>

namespace gensynth::loop {
namespace {

/// Answers with a prefix, then with 0, and keeps the answers and how many there were.
class PrefixChooser final : public space::Chooser {
 public:
  explicit PrefixChooser(space::Genotype prefix) : prefix_(std::move(prefix)) {}
  int choose(const space::Decision& decision) override {
    const std::size_t place = answers.size();
    answers.push_back(place < prefix_.size() ? prefix_[place] : 0);
    choices.push_back(decision.choices);
    return answers.back();
  }
  space::Genotype answers;
  std::vector<int> choices;

 private:
  space::Genotype prefix_;
};

}  // namespace

std::optional<space::Genotype> Enumeration::next() {
  if (!position_) {
    PrefixChooser first({});
    space_.walk(first);
    return position_ = std::move(first.answers);
  }
  PrefixChooser last(*position_);
  space_.walk(last);
  for (std::size_t place = last.answers.size(); place-- > 0;) {
    if (last.answers[place] + 1 >= last.choices[place]) continue;
    space::Genotype prefix(last.answers.begin(), last.answers.begin() + static_cast<std::ptrdiff_t>(place));
    prefix.push_back(last.answers[place] + 1);
    PrefixChooser following(std::move(prefix));
    space_.walk(following);
    return position_ = std::move(following.answers);
  }
  return std::nullopt;
}

}  // namespace gensynth::loop
