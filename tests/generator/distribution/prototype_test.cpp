#include "generator/distribution/prototype.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "generator/make_space.hpp"

namespace gensynth::distribution {
namespace {

class Prototype : public ::testing::Test {
 protected:
  std::map<std::string, int> by_name(const space::Genotype& genotype) const {
    std::map<std::string, int> answers;
    const std::vector<space::Decision> asked = space->decisions(genotype);
    for (std::size_t i = 0; i < asked.size(); ++i) answers[asked[i].name] = genotype[i];
    return answers;
  }
  /// Mean share of `genotype`'s answers that samples give too.
  double kinship(const Generator& generator, const space::Genotype& genotype) const {
    const auto wanted = by_name(genotype);
    double share = 0;
    constexpr int kSamples = 60;
    for (std::uint64_t seed = 0; seed < kSamples; ++seed) {
      const auto given = by_name(generator.sample(seed));
      const auto agree = std::count_if(wanted.begin(), wanted.end(), [&](const auto& answer) {
        const auto found = given.find(answer.first);
        return found != given.end() && found->second == answer.second;
      });
      share += static_cast<double>(agree) / static_cast<double>(wanted.size()) / kSamples;
    }
    return share;
  }
  space::Genotype some(std::uint64_t seed) const {
    Rng rng(seed);
    return space->sample(rng);
  }

  std::unique_ptr<space::SearchSpace> space = generator::make_space({{"kind", "columnar"}, {"px", 64}}, "test", "");
  Generator untaught{*space};
};

TEST_F(Prototype, IsWhereTheGeneratorBegins) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const space::Genotype prototype = some(seed);
    Generator generator = untaught;
    generator.apply(begin_at(generator, {prototype}));
    const auto decisions = static_cast<double>(prototype.size());
    EXPECT_GT(generator.log_prob(prototype), decisions * std::log(0.65));
    EXPECT_LT(untaught.log_prob(prototype), decisions * std::log(0.5));
    EXPECT_GT(kinship(generator, prototype), kinship(untaught, prototype) + 0.25);
    EXPECT_GT(kinship(generator, prototype), 0.5);
  }
}

TEST_F(Prototype, LeavesVariety) {
  Generator generator = untaught;
  generator.apply(begin_at(generator, {some(4)}));
  EXPECT_GT(generator.entropy(20, 1), 0.2 * untaught.entropy(20, 1));
  EXPECT_LT(generator.entropy(20, 1), 0.9 * untaught.entropy(20, 1));
  EXPECT_NE(generator.sample(1), generator.sample(2));
}

TEST_F(Prototype, CanBeSeveral) {
  Generator generator = untaught;
  generator.apply(begin_at(generator, {some(5), some(6)}));
  for (const std::uint64_t seed : {5, 6}) {
    EXPECT_GT(generator.log_prob(some(seed)), untaught.log_prob(some(seed)) + 10) << seed;
  }
}

TEST_F(Prototype, IsEmptyWithoutNetworksAndRefusesAnotherSpace) {
  EXPECT_TRUE(begin_at(untaught, {}).empty());
  EXPECT_THROW((void)begin_at(untaught, {{99, 99}}), Error);
}

}  // namespace
}  // namespace gensynth::distribution
