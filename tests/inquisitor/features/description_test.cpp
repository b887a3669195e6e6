#include "inquisitor/features/description.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "generator/make_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::features {
namespace {

double differing(const TokenCounts& a, const TokenCounts& b) { return (total(a) + total(b) - 2 * shared(a, b)) / 2; }

Description described(const space::SearchSpace& space, const space::Genotype& genotype) {
  return describe(space, genotype, space.build(genotype));
}

TEST(DecisionTokens, CountTheDecisionsThatDiffer) {
  const nasbench201::NasBench201Space space;
  const auto tokens = [&](const space::Genotype& g) { return decision_tokens(space, g); };
  const space::Genotype from = {0, 1, 2, 3, 4, 0};
  EXPECT_EQ(differing(tokens(from), tokens(from)), 0);
  EXPECT_EQ(differing(tokens(from), tokens({0, 1, 2, 3, 4, 4})), 1);
  EXPECT_EQ(differing(tokens(from), tokens({1, 2, 3, 4, 0, 1})), 6);
}

TEST(DecisionTokens, OrdinalAnswersDifferByTheirDistanceAndMissingOnesByOne) {
  const auto space = generator::make_space({{"kind", "columnar"}, {"px", 32}}, "test", "");
  Rng rng(3);
  for (int i = 0; i < 40; ++i) {
    const space::Genotype a = space->sample(rng);
    const space::Genotype b = i % 2 == 0 ? space->mutate(a, 1 + below(rng, 3), rng) : space->sample(rng);
    std::map<std::string, std::pair<space::Decision, int>> of_b;
    const auto decisions_b = space->decisions(b);
    for (std::size_t d = 0; d < b.size(); ++d) of_b[decisions_b[d].name] = {decisions_b[d], b[d]};
    double expected = 0;
    int both = 0;
    const auto weight = [](const space::Decision& d, int answer) {
      return d.choices < 2 ? 0.0 : d.ordinal ? 0.5 + static_cast<double>(answer) / (d.choices - 1) : 1.0;
    };
    const auto decisions_a = space->decisions(a);
    bool same_kinds = true;
    for (std::size_t d = 0; d < a.size(); ++d) {
      const auto other = of_b.find(decisions_a[d].name);
      if (other == of_b.end()) {
        expected += weight(decisions_a[d], a[d]);
        continue;
      }
      ++both;
      const space::Decision& decision = decisions_a[d];
      same_kinds = same_kinds && decision.choices == other->second.first.choices;
      const int apart = std::abs(a[d] - other->second.second);
      if (decision.choices > 1)
        expected += decision.ordinal ? static_cast<double>(apart) / (decision.choices - 1) : apart > 0;
      of_b.erase(other);
    }
    for (const auto& [name, rest] : of_b) expected += weight(rest.first, rest.second);
    if (!same_kinds) continue;
    EXPECT_NEAR(differing(decision_tokens(*space, a), decision_tokens(*space, b)), expected, 1e-4);
    EXPECT_GT(both, 0);
  }
}

TEST(Describe, OnlyDecisionsDistinguishGenotypesOfTheSameNetwork) {
  const nasbench201::NasBench201Space space;
  // The edge after an empty one carries no signal.
  const Description dead = described(space, {3, 0, 1, 2, 0, 0});
  const Description other = described(space, {3, 0, 4, 2, 0, 0});
  EXPECT_EQ(dead.motifs, other.motifs);
  EXPECT_EQ(dead.values, other.values);
  EXPECT_NE(dead.decisions, other.decisions);
}

}  // namespace
}  // namespace gensynth::features
