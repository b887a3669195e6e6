// Mutation, crossover and neighbours. All keep answers by decision name, so that a change of the number of columns does
// not affect the genes of the other columns.
#include <algorithm>

#include "generator/space/resembling_chooser.hpp"
#include "generator/space/search_space.hpp"

namespace gensynth::space {
namespace {

constexpr double kOneStep = 0.8;  ///< share of mutations of an ordinal decision that move to a neighbouring answer

int different_answer(const Decision& decision, int answer, Rng& rng) {
  if (decision.ordinal && uniform01(rng) < kOneStep) {
    if (answer == 0) return 1;
    if (answer == decision.choices - 1) return answer - 1;
    return answer + (below(rng, 2) == 0 ? -1 : 1);
  }
  const int other = below(rng, decision.choices - 1);
  return other < answer ? other : other + 1;
}

/// Keeps the answer of the same name if there is one (clamped, because the number of choices may depend on earlier
/// answers), and draws otherwise.
class CarryingChooser : public Chooser {
 public:
  CarryingChooser(const Answers& carried, Rng& rng) : carried_(carried), rng_(rng) {}
  int choose(const Decision& decision) override {
    const auto found = carried_.find(decision.name);
    return answers.emplace_back(found == carried_.end() ? below(rng_, decision.choices)
                                                        : std::min(found->second, decision.choices - 1));
  }
  Genotype answers;

 private:
  const Answers& carried_;
  Rng& rng_;
};

class CrossingChooser : public Chooser {
 public:
  CrossingChooser(const Answers& a, const Answers& b, Rng& rng) : a_(a), b_(b), rng_(rng) {}
  int choose(const Decision& decision) override {
    const auto in_a = a_.find(decision.name);
    const auto in_b = b_.find(decision.name);
    int answer = 0;
    if (in_a != a_.end() && in_b != b_.end()) {
      answer = below(rng_, 2) == 0 ? in_a->second : in_b->second;
    } else if (in_a != a_.end()) {
      answer = in_a->second;
    } else if (in_b != b_.end()) {
      answer = in_b->second;
    } else {
      answer = below(rng_, decision.choices);
    }
    return answers.emplace_back(std::min(answer, decision.choices - 1));
  }
  Genotype answers;

 private:
  const Answers& a_;
  const Answers& b_;
  Rng& rng_;
};

}  // namespace

Genotype SearchSpace::mutate(const Genotype& genotype, int count, Rng& rng) const {
  const std::vector<Decision> asked = decisions(genotype);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked[i].choices > 1) open.push_back(i);
  }
  Answers answers = answers_by_name(asked, genotype);
  for (int i = 0; i < count && !open.empty(); ++i) {
    const auto picked = open.begin() + below(rng, static_cast<int>(open.size()));
    answers[asked[*picked].name] = different_answer(asked[*picked], genotype[*picked], rng);
    open.erase(picked);
  }
  CarryingChooser chooser(answers, rng);
  walk(chooser);
  return std::move(chooser.answers);
}

Genotype SearchSpace::crossover(const Genotype& a, const Genotype& b, Rng& rng) const {
  const Answers of_a = answers_by_name(decisions(a), a);
  const Answers of_b = answers_by_name(decisions(b), b);
  CrossingChooser chooser(of_a, of_b, rng);
  walk(chooser);
  return std::move(chooser.answers);
}

std::vector<Genotype> SearchSpace::neighbours(const Genotype& genotype) const {
  const std::vector<Decision> asked = decisions(genotype);
  Answers answers = answers_by_name(asked, genotype);
  std::vector<Genotype> result;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    int& answer = answers[asked[i].name];
    for (int choice = 0; choice < asked[i].choices; ++choice) {
      if (choice == genotype[i]) continue;
      answer = choice;
      ResemblingChooser chooser(answers);
      walk(chooser);
      result.push_back(std::move(chooser.answers));
    }
    answer = genotype[i];
  }
  return result;
}

}  // namespace gensynth::space
